"""How much of an input is padding."""

from __future__ import annotations

import numpy as np
import pytest

from keras_profile.analysis.rules.catalogue import RULES
from keras_profile.analysis.rules.engine import judge
from keras_profile.analysis.rules.rule import NotFound
from keras_profile.recorder.facts.padding import padding_of
from support import evidence as by_hand
from support.rule_cases import padded

DRAW = np.random.default_rng(0)
PADDING = {"share": 0.95, "longest": 5, "at_end": True}
(RULE,) = [one for one in RULES if one.id == "padded_inputs"]


def texts(lengths, steps, filling=0, at_end=True, dtype="int32"):
    rows = np.full((len(lengths), steps), filling, dtype)
    for row, length in zip(rows, lengths):
        place = slice(0, length) if at_end else slice(steps - length, steps)
        row[place] = DRAW.integers(1, 1000, length)
    return rows


@pytest.mark.parametrize("filling", [0, -1, 50256])
@pytest.mark.parametrize("at_end", [True, False])
@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_padding_is_found_at_both_ends_with_any_filling(filling, at_end, dtype):
    lengths = [10, 20, 30, 40]
    assert padding_of(texts(lengths, 100, filling, at_end, dtype)) == {
        "share": 0.75,
        "longest": 40,
        "at_end": at_end,
    }


def test_a_row_that_is_empty_or_full_counts_too():
    assert padding_of(texts([0, 100, 50], 100))["share"] == 0.5
    assert padding_of(texts([0, 100, 50], 100))["longest"] == 100


@pytest.mark.parametrize(
    "value",
    [
        texts([100] * 4, 100),  # full
        np.zeros((4, 100), "int32"),  # nothing but one value
        np.sign(texts([90, 85, 95], 100)),  # a mask
        np.sign(texts([10, 15, 5], 100)),
        np.repeat([[0] * 60 + [1] * 40], 4, axis=0),  # the kinds of two sentences
        np.where(DRAW.random((200, 40)) < 0.8, 0, DRAW.integers(1, 9, (200, 40))),  # counts, most of them 0
        DRAW.integers(0, 3, (200, 40)),  # small numbers, which end alike by chance
        DRAW.random((4, 100)),  # numbers that are no words
        np.pad(DRAW.random((4, 10, 8)), ((0, 0), (0, 90), (0, 0))),  # a window that fills up
        np.zeros((4, 10), "int32"),
        np.zeros((0, 100), "int32"),
        np.zeros((4, 28, 28, 1), "float32"),
        np.array([["a"] * 20]),
        np.arange(20),
        [1, 2, 3],
        None,
    ],
    ids=lambda value: f"{getattr(value, 'dtype', type(value).__name__)}{np.shape(value)}",
)
def test_what_is_not_padded_has_no_padding(value):
    found = padding_of(value)
    assert found is None or found["share"] < 0.1


def test_of_many_rows_the_first_are_looked_at():
    many = np.concatenate([texts([10] * 512, 100), texts([100] * 5000, 100)])
    assert padding_of(many)["share"] == pytest.approx(0.9)
    assert padding_of(many[:, ::-1][::-1, ::-1]) is None or padding_of(many[::-1])["share"] < 0.1


def found(**changed):
    workload = {**padded(0.95, "GRU"), **changed}
    return judge(by_hand.evidence({"execution": 40.0}, workload=workload), RULE)


def test_the_finding_says_how_long_rows_are():
    one = found()
    assert one.title.startswith("95% of the steps in the input are padding, which the model computes too:")
    assert "rows of on average 20 steps are padded to 400" in one.title
    assert "the longest row has 90 steps" in one.evidence
    assert one.claims == {"execution": pytest.approx(0.95 * 40e6)}


def test_one_row_cannot_be_sorted():
    one = found(**padded(0.95, "LSTM", rows=1))
    assert "rows of 20 steps are padded to 400" in one.title
    assert "sort" not in one.advice
    assert "the next multiple of 32" in one.advice


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"data_flow": {"calls": 8, "from_outputs": 8, "same_input": 0}}, "filled from call to call"),
        (
            # A mask has the same shape, and the text is what counts.
            {
                "inputs": [
                    {"shape": [8, 400], "dtype": "int32", "kind": "array"},
                    {"shape": [8, 9], "dtype": "int32", "kind": "array", "padding": PADDING},
                ]
            },
            "not padded",
        ),
        (
            {"inputs": [{"shape": [8, None], "dtype": "int32", "kind": "array", "padding": PADDING}]},
            "not padded",
        ),
    ],
    ids=["decoding", "a short input beside", "lengths vary"],
)
def test_padding_that_is_none_or_costs_nothing_is_no_cause(changed, words):
    answer = judge(by_hand.evidence({"execution": 40.0}, workload={**padded(0.95, "GRU"), **changed}), RULE)
    assert isinstance(answer, NotFound)
    assert words in answer.because

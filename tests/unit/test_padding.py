"""How much of an input is padding."""

from __future__ import annotations

import numpy as np
import pytest

from keras_profile.analysis.rules.catalogue import RULES
from keras_profile.analysis.rules.engine import judge
from keras_profile.recorder.facts.padding import padding_of
from support import evidence as by_hand
from support.rule_cases import padded

DRAW = np.random.default_rng(0)
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


def test_features_are_padded_with_zeros():
    rows = DRAW.random((4, 50, 8), dtype="float32")
    rows[:, 10:] = 0
    assert padding_of(rows) == {"share": 0.8, "longest": 10, "at_end": True}


@pytest.mark.parametrize(
    "value",
    [
        texts([100] * 4, 100),  # full
        np.zeros((4, 100), "int32"),  # nothing but one value
        DRAW.integers(0, 3, (200, 40)),  # small numbers, which end alike by chance
        DRAW.random((4, 100)),  # numbers that are no words
        np.zeros((4, 10), "int32"),
        np.zeros((0, 100), "int32"),
        np.zeros((4, 28, 28, 1), "float32"),
        np.array([["a"] * 20]),
        np.arange(20),
    ],
    ids=lambda value: f"{value.dtype}{value.shape}",
)
def test_what_is_not_padded_has_no_padding(value):
    found = padding_of(value)
    assert found is None or found["share"] < 0.1


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
    assert "multiples of 32" in one.advice

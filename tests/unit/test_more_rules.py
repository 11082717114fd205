"""Further rules on evidence made by hand: with the fault, without it, and without the evidence."""
from __future__ import annotations

import pytest

from keras_profile.model.report import LayerShare
from keras_profile.rules.catalogue import RULES
from keras_profile.rules.engine import judge
from keras_profile.rules.rule import CannotTell, Found, NotFound

BY_ID = {rule.id: rule for rule in RULES}
KERAS_2 = {"keras": "2.15.0"}


def layers(name, layer_class, share=1.0, **facts):
    """Evidence of one layer that has ``share`` of all kernels."""
    kernels = [LayerShare(name, layer_class, 8_000_000, share, ["Conv2D", "Cast"])]
    return {"phases": {"execution": 9.0}, "layers": kernels,
            "workload": {"layers": [{"layer": name, "class": layer_class, "parent": None, **facts}]}}


#: For each rule: keyword arguments of ``evidence`` with the fault, and without it.
CASES = {
    "recurrent_unfused": [
        (layers("lstm", "LSTM", recurrent_dropout=0.2, implementation=1),
         layers("lstm", "LSTM", recurrent_dropout=0.0, implementation=2)),
        (layers("gru", "GRU", implementation=1),
         layers("gru", "GRU", implementation=1) | {"environment": KERAS_2}),
        (layers("lstm", "LSTM", recurrent_dropout=0.2) | {"environment": KERAS_2},
         layers("lstm", "LSTM", share=0.02, recurrent_dropout=0.2)),
        (layers("lstm", "LSTM", recurrent_dropout=0.2),
         layers("rnn", "SimpleRNN", recurrent_dropout=0.2)),
    ],
    "mixed_precision": [
        (layers("conv", "Conv2D", dtype_policy="mixed_float16"), layers("conv", "Conv2D")),
        (layers("conv", "Conv2D", dtype_policy="float16"),
         layers("conv", "Conv2D", dtype_policy="mixed_bfloat16")),
        (layers("conv", "Conv2D", dtype_policy="mixed_float16"),
         layers("conv", "Conv2D", dtype_policy="mixed_float16") | {
             "environment": {"devices": ["CPU:0", "GPU:0"]}}),
        (layers("conv", "Conv2D", dtype_policy="mixed_float16"),
         layers("conv", "Conv2D", share=0.02, dtype_policy="mixed_float16")),
    ],
}

PAIRS = [(rule, *pair) for rule, pairs in CASES.items() for pair in pairs]


@pytest.mark.parametrize(("rule", "fault", "healthy"), PAIRS)
def test_the_fault_is_found_and_its_absence_is_told(by_hand, rule, fault, healthy):
    found = judge(by_hand.evidence(**fault), BY_ID[rule])
    assert isinstance(found, Found), found
    assert found.evidence
    absent = judge(by_hand.evidence(**healthy), BY_ID[rule])
    assert isinstance(absent, NotFound), absent
    assert absent.because


@pytest.mark.parametrize("rule", ["mixed_precision", "recurrent_unfused"])
def test_without_kernels_by_layer_it_cannot_be_told(by_hand, rule):
    fault = {**CASES[rule][0][0], "layers": None}
    answer = judge(by_hand.evidence(**fault), BY_ID[rule])
    assert answer == CannotTell("the tensorflow capture")


def test_a_recurrent_layer_is_found_in_the_one_that_wraps_it(by_hand):
    fault = layers("both", "Bidirectional")
    fault["workload"]["layers"].append(
        {"layer": "forward", "class": "LSTM", "parent": "both", "recurrent_dropout": 0.5})
    found = judge(by_hand.evidence(**fault), BY_ID["recurrent_unfused"])
    assert found.title.startswith("forward (LSTM) computes each gate by itself")
    assert "because of recurrent_dropout=0.5" in found.title
    assert found.recipes == ("without_recurrent_dropout",)


def test_no_recipe_changes_the_implementation(by_hand):
    found = judge(by_hand.evidence(**CASES["recurrent_unfused"][1][0]), BY_ID["recurrent_unfused"])
    assert found.recipes == ()

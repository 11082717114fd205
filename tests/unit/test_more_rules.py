"""Further rules on evidence made by hand: with the fault, without it, and without the evidence."""
from __future__ import annotations

import pytest

from keras_profile.model.evidence import WarmUp
from keras_profile.model.report import LayerShare, NativeShare
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

LOOP = [{"function": "predict", "where": "app.py:41, in replay", "count": 32, "rows": 1}]
ITERATIONS = {"phases": {"dataset_building": (300.0, 32.0), "execution": (12.0, 32.0)}}
DATASET = [{"kind": "Map", "python": False, "generator": False, "function": "load"},
           {"kind": "Batch", "batch_size": 32}]
OVERLAP = {"phases": {"batch_fetching": (30.0, 4.0), "execution": (40.0, 4.0)}, "native": [],
           "workload": {"dataset": DATASET}}
FEW = [LayerShare(f"conv_{number}", "Conv2D", round(share * 1e7), share, ["Conv2D"])
       for number, share in enumerate((0.7, 0.1, 0.1, 0.1))]
EVEN = [LayerShare(f"conv_{number}", "Conv2D", 2_500_000, 0.25, ["Conv2D"]) for number in range(4)]
SITE = {"file": "/home/u/app.py", "line": 41, "function": "act", "source": "q = model.predict(x)",
        "through": None, "entry": "predict", "calls": 1000, "total_ns": 52_100_000_000, "rows": 1,
        "longest_run": 1000}
BUILT = {"phases": {"dataset_building": 50.0, "execution": 2.0}}


def sites(**changed):
    return {"workload": {"call_sites": [{**SITE, **changed}]}}


NEW_MODELS = {"loads": [], "models": {"objects": 50, "calls": 60, "made_by": [
    {"function": "load_model", "where": "app.py:12, in handle", "count": 50, "median_ns": 400_000_000}]}}
TRACED_ANEW = {"phases": {"function_tracing": 100.0, "execution": 20.0},
               "spans": {"other_tracing_share": 0.8, "other_traces_per_call": 1.0}}

CPUS = {"process": {"intra_op_threads": 0, "inter_op_threads": 0}}

TRACED = [{"function": "step", "arguments": ["float32 (4, 8)"], "where": "app.py:41", "pipeline": False}]

CASES |= {
    "many_calls": [
        (ITERATIONS | {"workload": {"inner_calls": LOOP}},
         ITERATIONS | {"workload": {"inner_calls": [{**LOOP[0], "count": 1}]}}),
        ({"phases": {"eager_execution": (300.0, 32.0)}, "workload": {"inner_calls": [
            {**LOOP[0], "function": "__call__", "rows": None, "where": None}]}},
         {"phases": {"execution": (300.0, 32.0)}, "workload": {"inner_calls": LOOP}}),
        ({"phases": {"dispatch": (30.0, 32.0), "execution": (90.0, 32.0)}, "workload": {"inner_calls": LOOP},
          "layers": EVEN[:1]},
         {"phases": {"dispatch": (3.0, 32.0), "execution": (90.0, 32.0)}, "workload": {"inner_calls": []}}),
    ],
    "calls_in_a_loop": [
        (BUILT | sites(), BUILT | sites(longest_run=3)),
        (BUILT | sites(rows=None, entry="call", function="", source="", through={
            "file": "agent.py", "line": 7, "function": "act"}),
         {"phases": {"dataset_building": 1.0, "execution": 200.0}} | sites()),
    ],
    "concurrent_calls": [
        ({"workload": {"threads_in_keras": [2, 0, 1, 2]}}, {"workload": {"threads_in_keras": [1, 0, 0, 0]}}),
        ({"workload": {"threads_in_keras": [1]}}, {"workload": {"threads_in_keras": []}}),
    ],
    "oversubscribed": [
        ({"workload": {"process": {"intra_op_threads": 64, "inter_op_threads": 0}}}, {"workload": CPUS}),
        ({"workload": CPUS, "environment": {"settings": {"OMP_NUM_THREADS": "64"}}},
         {"workload": CPUS, "environment": {"settings": {"OMP_NUM_THREADS": "2,1"}}}),
        ({"workload": {"process": {"intra_op_threads": 16, "inter_op_threads": None}}},
         {"workload": {"process": {"intra_op_threads": 16, "inter_op_threads": 0}},
          "environment": {"cpu_count": 16}}),
    ],
    "warm_up": [
        ({"warm_up": WarmUp(9, 200, 1_000_000, 270_000_000)}, {"warm_up": WarmUp(0, 200, 1_000_000, 0)}),
        ({"warm_up": WarmUp(9, 200, 1_000_000, 270_000_000), "workload": {"traced": [[], TRACED]}},
         {"warm_up": WarmUp(2, 200, 1_000_000, 270_000_000)}),
        ({"warm_up": WarmUp(3, 200, 90_000_000, 600_000_000)},
         {"warm_up": WarmUp(9, 200, 1_000_000, 27_000_000)}),
    ],
    "dataset_unprefetched": [
        (OVERLAP, OVERLAP | {"workload": {"dataset": [{"kind": "Prefetch"}, *DATASET]}}),
        (OVERLAP, OVERLAP | {"native": [
            NativeShare("Iterator::Root::Prefetch", "batch_fetching", 1_000, 4.0, "calling")]}),
        (OVERLAP, OVERLAP | {"phases": {"batch_fetching": (30.0, 1.0), "execution": (40.0, 1.0)}}),
        (OVERLAP, OVERLAP | {"phases": {"batch_fetching": (30.0, 4.0), "execution": (1.0, 4.0)}}),
        (OVERLAP, {"phases": {"execution": 9.0}, "workload": {"dataset": None}}),
    ],
    "heavy_layer": [
        ({"phases": {"execution": 9.0}, "layers": FEW}, {"phases": {"execution": 9.0}, "layers": EVEN}),
        ({"phases": {"execution": 9.0}, "layers": FEW}, {"phases": {"execution": 9.0}, "layers": FEW[:3]}),
        ({"phases": {"execution": 9.0}, "layers": FEW},
         {"phases": {"execution": 9.0, "dispatch": 9.0}, "layers": FEW}),
    ],
    "metrics_reset": [
        ({"phases": {"state_reset": 2.0, "execution": 9.0}},
         {"phases": {"state_reset": 0.2, "execution": 9.0}}),
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


def test_a_loop_over_rows_is_told_with_its_line_and_rows(by_hand):
    found = judge(by_hand.evidence(**CASES["many_calls"][0][0]), BY_ID["many_calls"])
    assert found.title.startswith("predict is called 32 times with 1 row at app.py:41, in replay: ")
    assert found.where == "app.py:41, in replay"
    # One call in place of 32 has the fixed cost once.
    assert found.claims["dataset_building"] == 300e6 * 31 / 32
    assert "execution" not in found.claims


def test_a_loop_cannot_be_told_where_another_profiler_was_active(by_hand):
    answer = judge(by_hand.evidence({"execution": 9.0}, workload={"inner_calls": None}), BY_ID["many_calls"])
    assert answer == CannotTell("a process without another profiler")


def test_whether_tf_data_adds_a_prefetch_cannot_be_told_without_its_events(by_hand):
    answer = judge(by_hand.evidence(**OVERLAP | {"native": None}), BY_ID["dataset_unprefetched"])
    assert answer == CannotTell("the tensorflow capture")


def test_prefetch_hides_the_shorter_of_waiting_and_running(by_hand):
    found = judge(by_hand.evidence(**OVERLAP), BY_ID["dataset_unprefetched"])
    assert found.claims == {"batch_fetching": 30e6}
    longer = OVERLAP | {"phases": {"batch_fetching": (60.0, 4.0), "execution": (40.0, 4.0)}}
    assert judge(by_hand.evidence(**longer), BY_ID["dataset_unprefetched"]).claims == {"batch_fetching": 40e6}


@pytest.mark.parametrize("models", [
    {"objects": 1, "calls": 60}, {"objects": 50, "calls": 6000}, {"objects": 5, "calls": 5}])
def test_models_that_are_kept_are_not_loaded(by_hand, models):
    facts = {**NEW_MODELS, "models": {**NEW_MODELS["models"], **models}}
    answer = judge(by_hand.evidence(**TRACED_ANEW, workload=facts), BY_ID["model_loaded"])
    assert isinstance(answer, NotFound), answer
    assert f"of {models['objects']} model" in answer.because


def test_a_program_that_makes_a_model_for_each_call_is_told_where(by_hand):
    found = judge(by_hand.evidence(**TRACED_ANEW, workload=NEW_MODELS), BY_ID["model_loaded"])
    assert isinstance(found, Found), found
    assert "50 in 60 calls" in found.title
    assert found.where == "app.py:12, in handle"
    assert "load_model made 50 at app.py:12, in handle, 400 ms each, beside the calls" in found.evidence


def test_a_loop_is_told_with_its_calls_rows_and_line(by_hand):
    found = judge(by_hand.evidence(**BUILT, **sites()), BY_ID["calls_in_a_loop"])
    assert found.title.startswith(
        "`predict` is called 1,000 times with 1 row at app.py:41; 96% of each call is fixed cost")
    assert found.where == "/home/u/app.py:41, in act"
    assert "the line: q = model.predict(x)" in found.evidence


def test_one_call_alone_is_no_program(by_hand):
    for workload in ({}, {"call_sites": []}):
        answer = judge(by_hand.evidence(**BUILT, workload=workload), BY_ID["calls_in_a_loop"])
        assert answer == CannotTell("a whole program: keras-profile run script.py")

"""Each rule on evidence made by hand: with the fault, without it, and without the evidence."""
from __future__ import annotations

import pytest

from keras_profile.model.evidence import FunctionCost, MemoryGrowth
from keras_profile.model.report import ColdPhase, InternalShare, LayerShare, NativeShare
from keras_profile.rules.catalogue import RULES
from keras_profile.rules.engine import judge
from keras_profile.rules.rule import CannotTell, Found, NotFound

BY_ID = {rule.id: rule for rule in RULES}



def layer(name, layer_class, share, ms=8.0):
    return LayerShare(name, layer_class, round(ms * 1e6), share, ["MatMul", "Cast"])


def internal(qualname, phase, count, ms=1.0):
    ns = round(ms * 1e6)
    return InternalShare("keras.src.a", qualname, phase, ns, ns, 0.5, count, "predict")


def traced(*arguments, function="step", ops=20):
    """A settled call each, in which one function was traced for these arguments."""
    return [[{"function": function, "arguments": list(one), "where": "app.py:41, in serve", "pipeline": False,
              "ops": ops}] for one in arguments]


ARRAY = [{"shape": [3200, 4], "dtype": "float32", "kind": "array"}]
MAP = {"kind": "Map", "python": False, "generator": False, "function": "decode"}
BATCH = {"kind": "Batch", "batch_size": 32}
WAITING = {"batch_fetching": (30.0, 4.0), "execution": (2.0, 4.0)}
LAYERS = [{"layer": "dense", "class": "Dense", "parent": None}]
TRACES = {"other_tracing_share": 0.6, "other_traces_per_call": 1.0, "calls_that_trace": 40}
ASYNC = [NativeShare("EagerLocalExecute: MatMul", "eager_execution", 1_000_000, 40.0, "calling")]
EAGER = {"phases": {"eager_execution": 12.0}, "native": ASYNC,
         "workload": {"run_eagerly": False, "functions_run_eagerly": False}}

#: For each rule: keyword arguments of ``evidence`` with the fault, and without it.
CASES = {
    "pipeline_rebuilt": [
        ({"phases": {"dataset_building": 20.0, "iterator_creation": 10.0, "execution": 1.0}},
         {"phases": {"dispatch": 0.1, "execution": 1.0}}),
        ({"phases": {"dataset_building": 20.0, "execution": 1.0},
          "workload": {"inputs": [{"shape": None, "dtype": None, "kind": "generator"}]}},
         {"phases": {"dataset_building": 20.0, "execution": 900.0}}),
        ({"phases": {"dataset_building": 20.0, "execution": 1.0},
          "workload": {"experimental_run_tf_function": True}, "environment": {"tensorflow": "2.0.0"}},
         {"phases": {"dataset_building": 20.0, "execution": 1.0},
          "workload": {"inputs": [{"shape": None, "dtype": None, "kind": "dataset"}]}}),
    ],
    "second_iterator": [
        ({"phases": {"iterator_creation": (4.0, 2.0), "execution": 1.0},
          "spans": {"iterators_per_call": 2.0, "unread_iterators_per_call": 1.0,
                    "unread_iterators_share": 0.4}},
         {"phases": {"iterator_creation": 2.0, "execution": 1.0}, "spans": {"iterators_per_call": 1.0}}),
    ],
    "retraced": [
        ({"phases": {"function_tracing": 12.0, "execution": 8.0}, "spans": TRACES,
          "workload": {"traced": traced(["float32 (4, 8)"], ["float32 (4, 9)"])}},
         {"phases": {"function_tracing": 12.0, "execution": 8.0},
          "spans": {"pipeline_tracing_share": 0.6}}),
        ({"phases": {"function_tracing": 12.0, "execution": 8.0}, "spans": TRACES},
         {"phases": {"function_tracing": 0.1, "execution": 80.0},
          "spans": {**TRACES, "other_tracing_share": 0.001}}),
    ],
    "xla_recompiled": [
        ({"phases": {"execution": 60.0}, "workload": {
            "jit_compile": True, "input_shapes": [[[4, 8]], [[4, 9]]]}},
         {"phases": {"execution": 60.0}, "workload": {
             "jit_compile": True, "input_shapes": [[[4, 8]], [[4, 8]]]}}),
        ({"phases": {"execution": 60.0}, "workload": {
            "jit_compile": True, "input_shapes": [[[4, 8]], [[4, 9]]]}},
         {"phases": {"execution": 60.0}, "workload": {
             "jit_compile": False, "input_shapes": [[[4, 8]], [[4, 9]]]}}),
    ],
    "model_loaded": [
        ({"phases": {"eager_execution": 10.0, "function_tracing": 10.0, "execution": 5.0}, "spans": TRACES,
          "workload": {"loads": [{"function": "load_model", "where": "app.py:3, in serve"}]}},
         {"phases": {"execution": 5.0}, "workload": {"loads": []}}),
    ],
    "unrolled_graph": [
        ({"phases": {"execution": 5.0}, "workload": {"cold_traces": traced([], ops=3000)[0]},
          "cold_phases": [ColdPhase("function_tracing", 900_000_000)]},
         {"phases": {"execution": 5.0}, "workload": {"cold_traces": traced([], ops=30)[0]},
          "cold_phases": [ColdPhase("function_tracing", 900_000_000)]}),
        ({"phases": {"execution": 5.0}, "workload": {"cold_traces": traced([], ops=3000)[0]},
          "cold_phases": [ColdPhase("function_tracing", 900_000_000)]},
         {"phases": {"execution": 5.0}, "workload": {"cold_traces": []}}),
    ],
    "progress_bar": [
        ({"phases": {"progress_bar": 1.0, "execution": 5.0}, "workload": {"verbose": True}},
         {"phases": {"progress_bar": 0.1, "execution": 5.0}, "workload": {"verbose": True}}),
    ],
    "slow_callbacks": [
        ({"phases": {"callbacks": 50.0, "execution": 5.0}, "workload": {"callbacks": ["Slow"]},
          "functions": [FunctionCost("app.py", 9, "on_predict_batch_end", 100.0, 49_000_000)]},
         {"phases": {"callbacks": 0.1, "execution": 5.0}, "workload": {"callbacks": ["Slow"]}}),
        ({"phases": {"callbacks": 50.0, "execution": 5.0}, "workload": {"callbacks": ["Slow"]}},
         {"phases": {"callbacks": 50.0, "execution": 5.0}, "workload": {"callbacks": []}}),
    ],
    "garbage_collection": [
        ({"phases": {"garbage_collection": (9.0, 3.0), "execution": 5.0}},
         {"phases": {"garbage_collection": 0.5, "execution": 5.0}}),
    ],
    "run_eagerly": [
        (EAGER | {"workload": {"run_eagerly": True, "functions_run_eagerly": False}}, EAGER),
        (EAGER | {"workload": {"run_eagerly": False, "functions_run_eagerly": True},
                  "internals": [internal("Layer.__call__", "eager_execution", 40.0)]},
         {"phases": {"execution": 5.0}, "workload": {"run_eagerly": True, "functions_run_eagerly": None}}),
    ],
    "eager_layers": [
        (EAGER | {"internals": [internal("Layer.__call__", "eager_execution", 40.0)]},
         EAGER | {"internals": [internal("Layer.__call__", "eager_execution", 3.0)]}),
        (EAGER | {"internals": [internal("Layer.__call__", "eager_execution", 40.0)]},
         EAGER | {"internals": [internal("Layer.__call__", "eager_execution", 40.0)], "native": [
             NativeShare("EagerLocalExecute: Conv2D", "eager_execution", 11_000_000, 40.0, "calling")]}),
    ],
    "python_in_pipeline": [
        ({"phases": WAITING, "workload": {"dataset": [BATCH, {**MAP, "python": True}]}},
         {"phases": WAITING, "workload": {"dataset": [BATCH, MAP]}}),
        ({"phases": WAITING, "workload": {"dataset": [BATCH, {**MAP, "python": True}]}, "native": [
            NativeShare("PyFunc:PyFunc", "batch_fetching", 25_000_000, 100.0, "other")]},
         {"phases": WAITING, "workload": {"dataset": None}}),
    ],
    "generator_by_sample": [
        ({"phases": WAITING, "workload": {"dataset": [BATCH, {**MAP, "python": True, "generator": True}]}},
         {"phases": WAITING, "workload": {"dataset": [{**MAP, "python": True, "generator": True}]}}),
    ],
    "serial_map": [
        ({"phases": WAITING, "workload": {"dataset": [BATCH, MAP]}},
         {"phases": WAITING, "workload": {"dataset": [BATCH, {**MAP, "kind": "ParallelMap"}]}}),
        # Keras 2 fetches within the traced function: what no kernel accounts for is waiting.
        ({"phases": {"execution": 20.0}, "workload": {"dataset": [BATCH, MAP]}, "native": [],
          "layers": [layer("dense", "Dense", 1.0, ms=2.0)]},
         {"phases": {"execution": 20.0}, "workload": {"dataset": [BATCH, MAP]}, "native": [],
          "layers": [layer("dense", "Dense", 1.0, ms=19.5)]}),
    ],
    "slow_pydataset": [
        # The last stage of the pipeline hands over what other threads made.
        ({"phases": {"execution": 90.0}, "workload": {"pydataset": {"batches": 4}},
          "native": [NativeShare("Iterator::Root::Prefetch", "execution", 70_000_000, 4.0, "other")],
          "layers": [layer("dense", "Dense", 1.0, ms=2.0)]},
         {"phases": {"execution": 90.0}, "workload": {"pydataset": {"batches": 4}},
          "native": [NativeShare("Iterator::Root::Prefetch", "execution", 7_000_000, 4.0, "other")],
          "layers": [layer("dense", "Dense", 1.0, ms=2.0)]}),
        ({"phases": {"execution": 90.0}, "workload": {"pydataset": {"batches": 4}},
          "layers": [layer("dense", "Dense", 1.0, ms=2.0)]},
         {"phases": {"execution": 90.0}, "workload": {"pydataset": {"batches": 4}},
          "layers": [layer("dense", "Dense", 1.0, ms=88.0)]}),
        ({"phases": WAITING, "workload": {"pydataset": {"batches": 4, "workers": 1}}},
         {"phases": {"batch_fetching": 1.0, "execution": 9.0},
          "workload": {"pydataset": {"batches": 4, "workers": 1}}}),
    ],
    "needless_workers": [
        ({"phases": {"loop": 30.0, "batch_fetching": 2.0}, "workload": {"pydataset": {"workers": 8}}},
         {"phases": {"loop": 30.0, "batch_fetching": 2.0}, "workload": {"pydataset": {"workers": 1}}}),
        ({"phases": {"loop": 30.0, "batch_fetching": 2.0}, "workload": {"pydataset": {"workers": 8}}},
         {"phases": {"loop": 30.0, "batch_fetching": 90.0}, "workload": {"pydataset": {"workers": 8}}}),
    ],
    "quantised_layers": [
        ({"phases": {"execution": 9.0}, "layers": [layer("dense", "Dense", 1.0)],
          "workload": {"layers": [{**LAYERS[0], "quantization": "int8"}]}},
         {"phases": {"execution": 9.0}, "layers": [layer("dense", "Dense", 1.0)],
          "workload": {"layers": LAYERS}}),
        ({"phases": {"execution": 9.0}, "layers": [layer("dense", "Dense", 1.0)],
          "workload": {"layers": [{**LAYERS[0], "quantization": "int8"}]}},
         {"phases": {"execution": 9.0}, "layers": [layer("dense", "Dense", 1.0)],
          "environment": {"devices": ["CPU:0", "GPU:0"]},
          "workload": {"layers": [{**LAYERS[0], "quantization": "int8"}]}}),
    ],
    "time_distributed": [
        ({"phases": {"execution": 9.0}, "layers": [layer("td", "TimeDistributed", 0.9)],
          "workload": {"layers": [{"layer": "td", "class": "TimeDistributed", "wraps": "Dense",
                                   "time_steps": 200}]}},
         {"phases": {"execution": 9.0}, "layers": [layer("td", "TimeDistributed", 0.9)],
          "workload": {"layers": [{"layer": "td", "class": "TimeDistributed", "wraps": "Dense",
                                   "time_steps": None}]}}),
    ],
    "augmentation": [
        ({"phases": {"execution": 9.0}, "layers": [layer("turn", "RandomRotation", 0.7)],
          "workload": {"layers": [{"layer": "turn", "class": "RandomRotation"}]}},
         {"phases": {"execution": 9.0}, "layers": [layer("dense", "Dense", 1.0)],
          "workload": {"layers": [{"layer": "turn", "class": "RandomRotation"}]}}),
    ],
    "text_in_model": [
        ({"phases": {"execution": 9.0}, "layers": [layer("words", "TextVectorization", 0.7)],
          "workload": {"layers": [{"layer": "words", "class": "TextVectorization"}]}},
         {"phases": {"execution": 9.0}, "layers": [layer("words", "TextVectorization", 0.02)],
          "workload": {"layers": [{"layer": "words", "class": "TextVectorization"}]}}),
    ],
    "outputs_concatenated": [
        ({"phases": {"output_assembly": (300.0, 12.0), "execution": (50.0, 10.0)},
          "internals": [internal("potentially_ragged_concat", "output_assembly", 1.0, ms=280.0)]},
         {"phases": {"output_assembly": (30.0, 1002.0), "execution": (90.0, 1000.0)}}),
    ],
    "dataset_unbatched": [
        ({"phases": {"execution": (300.0, 1000.0), "dispatch": (200.0, 1000.0)},
          "workload": {"dataset": [{"kind": "Batch", "batch_size": 1}]}},
         {"phases": {"execution": (300.0, 1000.0), "dispatch": (200.0, 1000.0)},
          "workload": {"dataset": [{"kind": "Batch", "batch_size": 256}]}}),
    ],
    "small_batches": [
        ({"phases": {"execution": (30.0, 100.0), "dispatch": (20.0, 100.0)}, "workload": {"inputs": ARRAY}},
         {"phases": {"execution": (30.0, 1.0), "dispatch": (20.0, 1.0)}, "workload": {"inputs": ARRAY}}),
        ({"phases": {"execution": (300.0, 100.0), "dispatch": (20.0, 100.0)},
          "workload": {"inputs": ARRAY}, "layers": [layer("dense", "Dense", 1.0, ms=100.0)]},
         # What no kernel accounts for is far more than a batch can cost.
         {"phases": {"execution": (3000.0, 10.0)}, "workload": {"inputs": ARRAY},
          "layers": [layer("dense", "Dense", 1.0, ms=2000.0)]}),
        ({"phases": {"execution": (30.0, 100.0), "dispatch": (20.0, 100.0)}, "workload": {"inputs": ARRAY}},
         {"phases": {"execution": (3000.0, 100.0), "dispatch": (20.0, 100.0)},
          "workload": {"inputs": ARRAY}}),
    ],
    "memory_grows": [
        ({"memory": MemoryGrowth(260_000.0, (250_000.0, 270_000.0), 400)},
         {"memory": MemoryGrowth(260_000.0, (-250_000.0, 770_000.0), 400)}),
    ],
    "waits": [
        ({"phases": {"entry": 20.0, "execution": 1.0}, "cpu": 0.1},
         {"phases": {"entry": 20.0, "execution": 1.0}, "cpu": 0.9}),
        ({"phases": {"entry": 20.0, "execution": 1.0}, "cpu": 0.1, "functions": [
            FunctionCost("~", 0, "<built-in method time.sleep>", 1.0, 20_000_000),
            FunctionCost("app.py", 9, "serve", 1.0, 20_000_000)]},
         {"phases": {"teardown": 20.0, "execution": 1.0}, "cpu": 0.1}),
    ],
}

PAIRS = [(rule, *pair) for rule, pairs in CASES.items() for pair in pairs]


def test_every_rule_has_a_case(more_rules):
    assert set(CASES) | set(more_rules.CASES) == set(BY_ID)


@pytest.mark.parametrize(("rule", "fault", "healthy"), PAIRS)
def test_the_fault_is_found_and_its_absence_is_told(by_hand, rule, fault, healthy):
    found = judge(by_hand.evidence(**fault), BY_ID[rule])
    assert isinstance(found, Found), found
    assert found.evidence
    absent = judge(by_hand.evidence(**healthy), BY_ID[rule])
    assert isinstance(absent, NotFound), absent
    assert absent.because


@pytest.mark.parametrize("rule", list(BY_ID))
def test_without_its_evidence_a_rule_cannot_tell(by_hand, rule):
    nothing = by_hand.evidence(None)
    facts = {name.partition(".")[2] for name in BY_ID[rule].needs if name.startswith("workload.")}
    for key in facts:
        nothing.workload.pop(key, None)
    answer = judge(nothing, BY_ID[rule])
    assert isinstance(answer, CannotTell)
    assert answer.missing


@pytest.mark.parametrize(("arguments", "words"), [
    ((["float32 (4, 8)"], ["float32 (4, 9)"]), "the shape is float32 (4, 9) after float32 (4, 8)"),
    ((["float32 (4, 8)"], ["float64 (4, 8)"]), "the dtype is float64 (4, 8) after float32 (4, 8)"),
    ((["1.0"], ["2.0"]), "step is given the Python value 2.0 after 1.0"),
    ((["float32 (4)"], ["float32 (4)"]), "step is a new function each time"),
    ((["float32 (4)"],), ": step ("),
])
def test_what_differs_between_traces_is_told(by_hand, arguments, words):
    evidence = by_hand.evidence(
        {"function_tracing": 12.0, "execution": 8.0}, spans=TRACES,
        workload={"traced": traced(*arguments)})
    found = judge(evidence, BY_ID["retraced"])
    assert words in found.title
    assert found.where == "app.py:41, in serve"


def test_a_function_of_keras_that_is_made_anew_is_the_models(by_hand):
    evidence = by_hand.evidence(
        {"function_tracing": 12.0, "execution": 8.0}, spans=TRACES,
        workload={"traced": traced(["a (4)"], ["a (4)"], function="predict_function")})
    assert "by compile() or a new model" in judge(evidence, BY_ID["retraced"]).title


@pytest.mark.parametrize("rule", ["python_in_pipeline", "generator_by_sample", "serial_map"])
def test_waiting_within_a_traced_function_cannot_be_told_without_kernels(by_hand, rule):
    steps = {"serial_map": [BATCH, MAP], "python_in_pipeline": [BATCH, {**MAP, "python": True}],
             "generator_by_sample": [BATCH, {**MAP, "python": True, "generator": True}]}
    answer = judge(by_hand.evidence({"execution": 90.0}, workload={"dataset": steps[rule]}), BY_ID[rule])
    assert isinstance(answer, CannotTell)
    assert "tensorflow capture" in answer.missing

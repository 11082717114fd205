"""Each rule on evidence made by hand: with the fault, without it, and without the evidence."""

from __future__ import annotations

import pytest

from keras_profile.analysis.rules.catalogue import RULES
from keras_profile.analysis.rules.engine import judge, judge_all
from keras_profile.analysis.rules.rule import CannotTell, Found, NotFound
from keras_profile.model.report import LayerShare
from support import evidence as by_hand
from support.rule_cases import (
    ASYNC,
    BATCH,
    BUILT,
    CASES,
    FOLDED,
    GENERATOR,
    MANY_AXES,
    MAP,
    NEW_MODELS,
    ONE_HOT,
    OVERLAP,
    SOFTMAX,
    STEPPED,
    TRACED_ANEW,
    TRACES,
    WAITING,
    WEIGHTS,
    copied,
    gpu,
    graph,
    internal,
    kernel,
    kernels,
    layers,
    pools,
    repeated,
    shuffled,
    sites,
    switched_on,
    traced,
    without_xla,
)

BY_ID = {rule.id: rule for rule in RULES}
PAIRS = [(rule, *pair) for rule, pairs in CASES.items() for pair in pairs]


def test_every_rule_has_a_case():
    assert set(CASES) == set(BY_ID)


@pytest.mark.parametrize(("rule", "fault", "healthy"), PAIRS)
def test_the_fault_is_found_and_its_absence_is_told(rule, fault, healthy):
    found = judge(by_hand.evidence(**fault), BY_ID[rule])
    assert isinstance(found, Found), found
    assert found.evidence
    absent = judge(by_hand.evidence(**healthy), BY_ID[rule])
    assert isinstance(absent, NotFound), absent
    assert absent.because


@pytest.mark.parametrize("rule", list(BY_ID))
def test_without_its_evidence_a_rule_cannot_tell(rule):
    nothing = by_hand.evidence(None)
    answer = judge(nothing, BY_ID[rule])
    assert isinstance(answer, CannotTell)
    assert answer.missing


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((["float32 (4, 8)"], ["float32 (4, 9)"]), "the shape is float32 (4, 9) after float32 (4, 8)"),
        ((["float32 (4, 8)"], ["float64 (4, 8)"]), "the dtype is float64 (4, 8) after float32 (4, 8)"),
        ((["1.0"], ["2.0"]), "step gets the Python value 2.0 after 1.0"),
        ((["float32 (4)"], ["float32 (4)"]), "step is a new function each time"),
        ((["float32 (4)"],), ": step ("),
    ],
)
def test_what_differs_between_traces_is_told(arguments, words):
    evidence = by_hand.evidence(
        {"function_tracing": 12.0, "execution": 8.0}, spans=TRACES, workload={"traced": traced(*arguments)}
    )
    found = judge(evidence, BY_ID["retraced"])
    assert words in found.title
    assert found.where == "app.py:41, in serve"


def test_a_function_of_keras_that_is_made_again_is_the_models():
    evidence = by_hand.evidence(
        {"function_tracing": 12.0, "execution": 8.0},
        spans=TRACES,
        workload={"traced": traced(["a (4)"], ["a (4)"], function="predict_function")},
    )
    assert "by compile() or a new model" in judge(evidence, BY_ID["retraced"]).title


@pytest.mark.parametrize("rule", ["python_in_pipeline", "generator_by_sample", "serial_map"])
def test_waiting_within_a_traced_function_cannot_be_told_without_kernels(rule):
    steps = {
        "serial_map": [BATCH, MAP],
        "python_in_pipeline": [BATCH, {**MAP, "python": True}],
        "generator_by_sample": [BATCH, {**MAP, "python": True, "generator": True}],
    }
    answer = judge(by_hand.evidence({"execution": 90.0}, workload={"dataset": steps[rule]}), BY_ID[rule])
    assert isinstance(answer, CannotTell)
    assert "tensorflow capture" in answer.missing


@pytest.mark.parametrize("rule", ["mixed_precision", "recurrent_unfused"])
def test_without_kernels_by_layer_it_cannot_be_told(rule):
    fault = {**CASES[rule][0][0], "layers": None}
    answer = judge(by_hand.evidence(**fault), BY_ID[rule])
    assert answer == CannotTell("the tensorflow capture")


def test_a_recurrent_layer_is_found_in_the_one_that_wraps_it():
    fault = layers("both", "Bidirectional")
    fault["workload"]["layers"].append(
        {"layer": "forward", "class": "LSTM", "parent": "both", "recurrent_dropout": 0.5}
    )
    found = judge(by_hand.evidence(**fault), BY_ID["recurrent_unfused"])
    assert found.title.startswith("forward (LSTM) computes each gate separately")
    assert "because of recurrent_dropout=0.5" in found.title
    assert found.recipes == ("without_recurrent_dropout",)


def test_no_recipe_changes_the_implementation():
    found = judge(by_hand.evidence(**CASES["recurrent_unfused"][1][0]), BY_ID["recurrent_unfused"])
    assert found.recipes == ()


def test_a_loop_over_rows_is_told_with_its_line_and_rows():
    found = judge(by_hand.evidence(**CASES["many_calls"][0][0]), BY_ID["many_calls"])
    assert found.title.startswith("predict is called 32 times with 1 row at app.py:41, in replay: ")
    assert found.where == "app.py:41, in replay"
    # One call in place of 32 has the fixed cost once.
    assert found.claims["dataset_building"] == 300e6 * 31 / 32
    assert "execution" not in found.claims


def test_a_loop_cannot_be_told_where_another_profiler_was_active():
    answer = judge(by_hand.evidence({"execution": 9.0}, workload={"inner_calls": None}), BY_ID["many_calls"])
    assert answer == CannotTell("a process without another profiler")


def test_whether_tf_data_adds_a_prefetch_cannot_be_told_without_its_events():
    answer = judge(by_hand.evidence(**OVERLAP | {"native": None}), BY_ID["dataset_unprefetched"])
    assert answer == CannotTell("the tensorflow capture")


def test_prefetch_hides_the_shorter_of_waiting_and_running():
    found = judge(by_hand.evidence(**OVERLAP), BY_ID["dataset_unprefetched"])
    assert found.claims == {"batch_fetching": 30e6}
    longer = OVERLAP | {"phases": {"batch_fetching": (60.0, 4.0), "execution": (40.0, 4.0)}}
    assert judge(by_hand.evidence(**longer), BY_ID["dataset_unprefetched"]).claims == {"batch_fetching": 40e6}


@pytest.mark.parametrize(
    "models", [{"objects": 1, "calls": 60}, {"objects": 50, "calls": 6000}, {"objects": 5, "calls": 5}]
)
def test_models_that_are_kept_are_not_loaded(models):
    facts = {**NEW_MODELS, "models": {**NEW_MODELS["models"], **models}}
    answer = judge(by_hand.evidence(**TRACED_ANEW, workload=facts), BY_ID["model_loaded"])
    assert isinstance(answer, NotFound), answer
    assert f"use {models['objects']} model" in answer.because


def test_a_program_that_makes_a_model_for_each_call_is_told_where():
    found = judge(by_hand.evidence(**TRACED_ANEW, workload=NEW_MODELS), BY_ID["model_loaded"])
    assert isinstance(found, Found), found
    assert "50 models in 60 calls" in found.title
    assert found.where == "app.py:12, in handle"
    assert "load_model made 50 at app.py:12, in handle, 400 ms each, outside the calls" in found.evidence


def found_in(evidence):
    return [one for one in judge_all(evidence, RULES) if one.verdict == "found"]


def loop(workload=(), **changed):
    """What is found of a loop whose calls build pipelines."""
    facts = {**sites(**changed)["workload"], **dict(workload)}
    return judge(by_hand.evidence(**BUILT, workload=facts), BY_ID["calls_in_a_loop"])


def test_a_loop_is_told_with_its_calls_rows_and_line():
    found = loop()
    assert found.title.startswith(
        "`predict` is called 1,000 times with 1 row at app.py:41; 96% of each call is fixed cost"
    )
    assert found.where == "/home/u/app.py:41, in act"
    assert "the line: q = model.predict(x)" in found.evidence
    assert "with 1 to 8 rows" in loop(rows=None, row_range=[1, 8]).title


def test_whether_the_calls_of_a_loop_could_be_one_is_a_condition_where_it_cannot_be_seen():
    for found in (loop(), loop({"data_flow": {"calls": 8, "from_outputs": 0, "same_input": 0}})):
        assert "if the inputs are known before the loop" in found.evidence[1]
        assert "could be merged if their inputs are known in advance" in found.addition.clause
        assert "one_predict_for_many_calls" in found.recipes


LAYER_BY_LAYER = [internal("Layer.__call__", "eager_execution", 40.0)]
STATEFUL = [{"layer": "lstm", "class": "LSTM", "parent": None, "stateful": True}]


@pytest.mark.parametrize(
    ("workload", "words"),
    [
        ({"data_flow": {"calls": 8, "from_outputs": 7, "same_input": 0}}, "7 of the 8 inputs"),
        ({"layers": STATEFUL}, "lstm is stateful"),
    ],
)
def test_calls_that_need_the_one_before_cannot_be_one(workload, words):
    found = loop(workload)
    assert words in found.evidence[1]
    assert "cannot be merged" in found.addition.clause
    assert "one_predict_for_many_calls" not in found.recipes
    assert "predict_on_batch" in found.recipes
    assert found.advice.startswith("use `predict_on_batch` or a `tf.function`")
    assert not loop().advice  # the rule's own, which has both ways


@pytest.mark.parametrize(("same", "words"), [(8, "since all get"), (0, "if all get")])
def test_calls_of_different_models_are_counted_and_one_merged_model_serves_them(same, words):
    found = loop({"data_flow": {"calls": 8, "from_outputs": 0, "same_input": same}}, models_in_run=12)
    assert "12 different models" in found.addition.clause
    assert "one merged model" in found.evidence[1]
    assert words in found.evidence[1]
    assert "one_predict_for_many_calls" not in found.recipes


def test_a_loop_is_said_with_the_cause_that_explains_it():
    evidence = by_hand.evidence(**BUILT, **sites(longest_run=20))
    first, *others = judge_all(evidence, RULES)
    assert first.rule == "pipeline_rebuilt"
    assert "20 calls in a row at app.py:41" in first.title
    assert first.where == "/home/u/app.py:41, in act"
    assert {"predict_on_batch", "one_predict_for_many_calls"} <= set(first.recipes)
    loops = [one for one in others if one.rule == "calls_in_a_loop"]
    assert [(one.verdict, one.within) for one in loops] == [("included", "pipeline_rebuilt")]


def test_a_program_whose_calls_cannot_be_one_is_not_told_to_make_one_of_them():
    facts = {**sites()["workload"], "layers": STATEFUL}
    (first,) = [
        one for one in judge_all(by_hand.evidence(**BUILT, workload=facts), RULES) if one.verdict == "found"
    ]
    assert "one_predict_for_many_calls" not in first.recipes
    assert "cannot be merged" in first.title


def test_a_model_that_runs_op_by_op_comes_before_its_loop():
    facts = {**sites(entry="call")["workload"], "functions_run_eagerly": False}
    evidence = by_hand.evidence(
        **STEPPED,
        native=ASYNC,
        internals=[internal("Layer.__call__", "eager_execution", 40.0)],
        workload=facts,
    )
    (first,) = [one for one in judge_all(evidence, RULES) if one.verdict == "found"]
    assert first.rule == "eager_layers"
    assert "1,000 calls in a row" in first.title


def test_how_much_of_running_op_by_op_is_python_cannot_be_told_without_times_of_ops():
    facts = {**sites(entry="call")["workload"], "functions_run_eagerly": False}
    facts["inner_calls"] = CASES["many_calls"][0][0]["workload"]["inner_calls"]
    evidence = by_hand.evidence(**STEPPED, internals=LAYER_BY_LAYER, workload=facts)
    for rule in ("eager_layers", "calls_in_a_loop", "many_calls"):
        assert judge(evidence, BY_ID[rule]) == CannotTell("the tensorflow capture")


def test_a_model_that_is_compiled_beside_each_call_is_told_where():
    made = {"function": "compile", "where": "app.py:12, in main", "count": 50, "median_ns": 4_000_000}
    evidence = by_hand.evidence(
        {"function_tracing": 12.0, "execution": 8.0, "teardown": 30.0},
        spans=TRACES,
        workload={
            "traced": traced(["a (4)"], ["a (4)"], function="predict_function"),
            "models": {"objects": 1, "calls": 60, "made_by": [], "compiled_by": [made]},
        },
    )
    found = judge(evidence, BY_ID["retraced"])
    assert "compile() at app.py:12 discards the model's function" in found.title
    assert found.where == "app.py:12, in main"
    assert found.claims["teardown"] == 30e6
    assert "compile ran 50 times at app.py:12, in main, 4.00 ms each, outside the calls" in found.evidence


def test_graphs_that_are_destroyed_are_shared_with_the_pipeline_by_their_ops():
    calls = traced(["a (4)"], ["b (4)"], ops=15)
    pipeline = {"function": "Dataset_map", "arguments": [], "where": None, "pipeline": True, "ops": 5}
    evidence = by_hand.evidence(
        {"function_tracing": 12.0, "execution": 8.0, "teardown": 4.0},
        spans=TRACES,
        workload={"traced": [[*call, pipeline] for call in calls]},
    )
    assert judge(evidence, BY_ID["retraced"]).claims["teardown"] == 3e6


def test_one_call_alone_is_no_program():
    for workload in ({}, {"call_sites": []}):
        answer = judge(by_hand.evidence(**BUILT, workload=workload), BY_ID["calls_in_a_loop"])
        assert answer == CannotTell("a whole program: keras-profile run script.py")


@pytest.mark.parametrize(
    ("entry", "first"), [("predict", "one_predict_for_many_calls"), ("call", "function_open_batch")]
)
def test_what_fixes_a_loop_is_another_way_of_calling(entry, first):
    found = judge(by_hand.evidence(**BUILT, **sites(entry=entry)), BY_ID["calls_in_a_loop"])
    assert found.recipes[0] == first
    on_batch = judge(by_hand.evidence(**BUILT, **sites(entry="predict_on_batch")), BY_ID["calls_in_a_loop"])
    assert "predict_on_batch" not in on_batch.recipes


@pytest.mark.parametrize(
    ("ops", "shares", "of_pairs"),
    [
        (["Sub", "Square", "Sum"], [0.4, 0.3, 0.3], True),
        (["Sub", "MatMul"], [0.3, 0.7], False),
        (["Sum", "Square"], [0.5, 0.5], False),  # nothing is compared
        (["Select", "Greater"], [0.6, 0.4], False),  # an activation
        (["Conv2D"], [1.0], False),
    ],
)
def test_a_heavy_layer_that_compares_pairs_one_by_one_has_an_advice_of_its_own(ops, shares, of_pairs):
    heavy = LayerShare("match", "Match", 9_000_000, 0.9, ops, op_shares=shares)
    rest = [LayerShare(f"dense_{number}", "Dense", 300_000, 0.03, ["MatMul"]) for number in range(3)]
    found = judge(by_hand.evidence({"execution": 9.0}, layers=[heavy, *rest]), BY_ID["heavy_layer"])
    assert ("all pairs" in found.advice) is of_pairs


# --- what a dataset makes in vain, and switches ---


def test_a_shuffle_costs_what_is_made_for_rows_that_are_not_taken():
    phases = {"batch_fetching": (90.0, 4.0), "execution": (4.0, 4.0), "teardown": 6.0}
    evidence = by_hand.evidence(phases, workload=shuffled(10_000, 4, elements=None))
    found = judge(evidence, BY_ID["dataset_shuffled"])
    taken = 4 * 128
    part = 1 - taken / (10_000 + taken)
    assert found.claims == pytest.approx({"batch_fetching": 90e6 * part, "teardown": 6e6 * part})
    assert "10,000" in found.title
    assert "a call takes 512 elements from it" in found.evidence


def test_a_shuffle_of_rows_that_are_all_taken_costs_what_could_overlap():
    phases = {"batch_fetching": (50.0, 4.0), "execution": (20.0, 4.0)}
    spans = {"first_fetch_share": 0.7}
    evidence = by_hand.evidence(phases, spans=spans, workload=shuffled(30_000, None))
    assert judge(evidence, BY_ID["dataset_shuffled"]).claims == {"batch_fetching": 20e6}
    alone = by_hand.evidence(
        phases, spans=spans, workload=shuffled(30_000, None), environment={"cpu_count": 1}
    )
    assert isinstance(judge(alone, BY_ID["dataset_shuffled"]), NotFound)


def test_a_repeated_dataset_costs_its_later_passes():
    evidence = by_hand.evidence({"execution": (90.0, 100.0), "entry": 10.0}, workload=repeated(100))
    found = judge(evidence, BY_ID["dataset_repeated"])
    assert found.claims["execution"] == pytest.approx(81e6)  # 320 of 3,200 rows are there
    assert "entry" not in found.claims


def test_checks_cost_their_kernels_and_their_part_of_the_rest():
    evidence = by_hand.evidence(
        {"execution": 100.0},
        workload={**switched_on("check_numerics"), **graph(60, 30)},
        native=[kernel(50.0), kernel(30.0, op="CheckNumericsV2")],
    )
    found = judge(evidence, BY_ID["debugger_left_on"])
    assert found.claims["execution"] == pytest.approx(30e6 + 20e6 / 2)


def test_kernels_on_several_threads_are_no_more_than_execution():
    evidence = by_hand.evidence(
        {"execution": 100.0},
        workload={**switched_on("check_numerics"), **graph(60, 30)},
        native=[kernel(300.0), kernel(100.0, op="CheckNumericsV2")],
    )
    assert judge(evidence, BY_ID["debugger_left_on"]).claims["execution"] == pytest.approx(25e6)


def test_one_thread_costs_at_most_what_all_processors_would_gain():
    evidence = by_hand.evidence(
        {"execution": 100.0},
        workload=pools(1, 1),
        environment={"cpu_count": 4},
        native=[kernel(80.0), kernel(10.0, count=1000.0)],
    )
    assert judge(evidence, BY_ID["one_thread"]).claims == {"execution": pytest.approx(60e6)}


def test_whether_xla_is_slower_is_not_known_without_the_trial():
    workload = {"jit_compile": True, **switched_on()}
    answer = judge(by_hand.evidence({"execution": 90.0}, workload=workload), BY_ID["xla_slower"])
    assert isinstance(answer, CannotTell)
    assert answer.missing.startswith("a trial without XLA")


def test_xla_costs_what_the_trial_gained():
    workload = {"jit_compile": True, **switched_on()}
    evidence = by_hand.evidence(
        {"execution": 80.0, "dispatch": 10.0}, workload=workload, comparisons=[without_xla("faster", 3.0)]
    )
    assert judge(evidence, BY_ID["xla_slower"]).claims == {"execution": pytest.approx(60e6)}


def test_a_slow_generator_is_named_by_its_line():
    found = judge(by_hand.evidence(WAITING, workload=GENERATOR), BY_ID["slow_generator"])
    assert found.where == "app.py:9, in rows"
    assert "95% of the time a thread is at app.py:9, in rows: yield decode(path)" in found.evidence


def test_few_samples_name_no_line():
    lines = {"samples": 3, "lines": [{"where": "app.py:9, in rows", "source": "", "samples": 3}]}
    workload = {**GENERATOR, "input_lines": lines}
    assert judge(by_hand.evidence(WAITING, workload=workload), BY_ID["slow_generator"]).where == ""


@pytest.mark.parametrize(("rule", "fault", "_"), PAIRS)
def test_a_call_without_inputs_or_layers_is_judged_all_the_same(rule, fault, _):
    workload = {**fault.get("workload", {}), "inputs": [], "layers": []}
    findings = judge_all(by_hand.evidence(**{**fault, "workload": workload}), RULES)
    assert {one.rule for one in findings} == set(BY_ID)


@pytest.mark.parametrize(
    ("inputs", "rows"),
    [
        ([{"shape": [32, 4], "dtype": "float32", "kind": "array"}], "about 290 rows"),
        ([{"shape": [3200, 4], "dtype": "float32", "kind": "array"}], "about 290 rows"),
        ([{"shape": [1, 4], "dtype": "float32", "kind": "tensor"}], "about 9 rows"),
        ([{"shape": [None, 4], "dtype": "float32", "kind": "array"}], ""),
        ([{"shape": None, "dtype": None, "kind": "dataset"}], ""),
    ],
)
def test_how_many_rows_would_keep_a_gpu_busy_is_said_if_the_rows_are_known(inputs, rows):
    found = judge(
        by_hand.evidence(**gpu(1.0, {"dispatch": 9.0}), workload={"inputs": inputs}),
        BY_ID["device_host_bound"],
    )
    assert rows in " ".join(found.evidence)
    assert ("rows at once" in " ".join(found.evidence)) == bool(rows)


@pytest.mark.parametrize(("size", "more"), [(512, False), (40_000_000, True)])
def test_copies_of_more_than_the_inputs_are_said(size, more):
    evidence = by_hand.evidence(**gpu(6.0, {"dispatch": 4.0}, copies=[copied(3.0, size)]))
    found = judge(evidence, BY_ID["device_copies"])
    assert any("weights or constants" in line for line in found.evidence) == more


@pytest.mark.parametrize(
    ("moved", "events", "title", "advice"),
    [
        (
            WEIGHTS,
            [(FOLDED, "MatMul", 9.0), ("m/net/Relu", "Relu", 1.0)],
            "net (Net) transposes weights of shape 50,000 × 512, which are the same on each call: 3",
            "keep a transposed copy of the weights",
        ),
        (
            MANY_AXES,
            [("m/net/transpose", "Transpose", 5.0), ("m/net/MatMul", "MatMul", 5.0)],
            "net (Net) transposes a tensor of 17 axes, shape 8 × 2 × ",
            "reshape neighbouring axes",
        ),
        (
            SOFTMAX,
            [("m/net/transpose_1", "Transpose", 5.0), ("m/net/MatMul", "MatMul", 5.0)],
            "net (Net) moves an axis of a tensor of shape ? × 320 × 320 × 8 to the end for a softmax",
            "the softmax is along its last axis",
        ),
        (
            ONE_HOT,
            [("m/net/MatMul", "MatMul", 5.0), ("m/net/Relu", "Relu", 5.0)],
            "net (Net) multiplies weights by one-hot rows of shape 8 × ? × 20,000, nearly all zeros",
            "use `Embedding` or a gather",
        ),
    ],
)
def test_what_moves_data_is_named_with_what_to_do_instead(moved, events, title, advice):
    found = judge(by_hand.evidence(**kernels(*events, moves=[moved])), BY_ID["data_moved"])
    assert found.title.startswith(title)
    assert "of the model's kernel time only moves data ({cost} ms a call)" in found.title
    assert advice in found.advice
    assert any(moved["op"] in line and found.advice in line for line in found.evidence)


def test_ops_that_move_data_for_no_known_reason_are_named():
    seen = kernels(("m/net/transpose", "Transpose", 6.0), ("m/net/MatMul", "MatMul", 4.0))
    found = judge(by_hand.evidence(**seen), BY_ID["data_moved"])
    assert found.title.startswith("Transpose in net (Net): 60% of the model's kernel time only moves data")
    assert not found.advice

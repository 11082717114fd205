"""TensorFlow's events by phase, and kernels by layer, on traces made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from keras_profile.analysis.attribution.native import layer_paths, layer_shares, native_shares
from keras_profile.model.trace import Trace, TraceLine
from keras_profile.model.workload import BuiltGraph, GraphLoop, Layer
from keras_profile.recorder.protocol import ANNOTATION_PREFIX


def annotation(phase):
    return ANNOTATION_PREFIX + phase


def trace(**threads):
    """A trace; each thread is a list of (name, begin, end) in thousands of ps."""
    names = sorted({name for events in threads.values() for name, _, _ in events})
    lines = []
    for thread, events in threads.items():
        events = sorted(events, key=lambda one: (one[1], -one[2]))
        ints = [
            np.array(column, dtype=np.int64)
            for column in (
                [names.index(name) for name, _, _ in events],
                [begin * 1000 for _, begin, _ in events],
                [end * 1000 for _, _, end in events],
            )
        ]
        lines.append(TraceLine(thread, *ints))
    return Trace("made by hand", names, lines)


def native(*traces, total_ns=1000):
    """{(event, phase, thread): (self ns, count)}"""
    return {
        (one.event, one.phase, one.thread): (one.self_ns, one.count_per_call)
        for one in native_shares(traces, "predict", total_ns)
    }


# --- steps ---


def test_an_event_that_is_called_like_the_entry_point_is_no_step():
    made = trace(main=[("function", 0, 90), ("function()", 100, 1000), ("function", 200, 800)])
    (line, found) = made.steps("function")
    assert line.begin[found].tolist() == [100_000]


def test_in_older_recordings_the_outermost_event_of_the_name_is_the_step():
    made = trace(
        pool=[("function", 0, 10)],
        main=[("function", 0, 500), ("function", 100, 400), ("function", 100, 200), ("function", 600, 900)],
    )
    (line, found) = made.steps("function")
    assert line.thread == "main"
    assert line.begin[found].tolist() == [0, 600_000]
    assert made.steps("predict") is None


# --- events of the calling thread ---


def test_an_event_has_the_phase_of_the_annotation_above_it():
    found = native(
        trace(
            main=[
                ("predict", 0, 1000),
                (annotation("dispatch"), 0, 400),
                ("Bind", 100, 200),
                (annotation("execution"), 400, 1000),
                ("Run", 500, 900),
            ]
        )
    )
    assert found == {("Bind", "dispatch", "calling"): (100, 1), ("Run", "execution", "calling"): (400, 1)}


def test_the_innermost_annotation_wins():
    found = native(
        trace(
            main=[
                ("predict", 0, 1000),
                (annotation("loop"), 0, 1000),
                (annotation("execution"), 100, 600),
                ("Run", 200, 300),
                ("Step", 700, 800),
            ]
        )
    )
    assert found == {("Run", "execution", "calling"): (100, 1), ("Step", "loop", "calling"): (100, 1)}


@pytest.mark.parametrize("sticky", ["function_tracing", "teardown"])
def test_a_sticky_phase_keeps_all_below_it(sticky):
    found = native(
        trace(
            main=[
                ("predict", 0, 1000),
                (annotation(sticky), 0, 1000),
                (annotation("execution"), 100, 600),
                ("Run", 200, 300),
            ]
        )
    )
    assert found == {("Run", sticky, "calling"): (100, 1)}


@pytest.mark.parametrize("phase", ["transparent", "no_such_phase"])
def test_annotations_of_no_phase_pass_on_what_is_above(phase):
    found = native(
        trace(
            main=[
                ("predict", 0, 1000),
                (annotation("loop"), 0, 1000),
                (annotation(phase), 100, 600),
                ("Run", 200, 300),
            ]
        )
    )
    assert found == {("Run", "loop", "calling"): (100, 1)}


def test_an_event_has_its_time_less_that_of_events_and_annotations_below():
    found = native(
        trace(
            main=[
                ("predict", 0, 1000),
                (annotation("loop"), 0, 1000),
                ("Outer", 100, 900),
                ("Inner", 200, 300),
                (annotation("execution"), 400, 600),
                ("Run", 450, 500),
            ]
        )
    )
    assert found[("Outer", "loop", "calling")] == (500, 1)
    assert found[("Inner", "loop", "calling")] == (100, 1)
    assert found[("Run", "execution", "calling")] == (50, 1)


def test_an_event_in_two_phases_is_two_rows():
    found = native(
        trace(
            main=[
                ("predict", 0, 1000),
                (annotation("loop"), 0, 500),
                ("Copy", 0, 100),
                (annotation("execution"), 500, 1000),
                ("Copy", 500, 700),
            ]
        )
    )
    assert found == {("Copy", "loop", "calling"): (100, 1), ("Copy", "execution", "calling"): (200, 1)}


def test_events_after_the_last_phase_are_teardown():
    found = native(
        trace(
            main=[
                ("predict", 0, 1000),
                ("Early", 0, 50),
                (annotation("entry"), 100, 800),
                ("Run", 200, 300),
                ("Delete", 850, 950),
            ]
        )
    )
    assert found == {
        ("Early", "unattributed", "calling"): (50, 1),
        ("Run", "entry", "calling"): (100, 1),
        ("Delete", "teardown", "calling"): (100, 1),
    }


def test_events_between_two_phases_are_unattributed():
    found = native(
        trace(
            main=[
                ("predict", 0, 1000),
                (annotation("dispatch"), 0, 300),
                ("Between", 400, 500),
                (annotation("execution"), 600, 1000),
            ]
        )
    )
    assert found == {("Between", "unattributed", "calling"): (100, 1)}


def test_annotated_teardown_does_not_hide_that_the_phases_are_over():
    found = native(
        trace(
            main=[
                ("predict", 0, 1000),
                (annotation("entry"), 0, 500),
                ("Delete", 550, 600),
                (annotation("teardown"), 700, 800),
                ("Free", 900, 950),
            ]
        )
    )
    assert found == {("Delete", "teardown", "calling"): (50, 1), ("Free", "teardown", "calling"): (50, 1)}


def test_each_call_has_its_own_teardown():
    found = native(
        trace(
            main=[
                ("predict", 0, 1000),
                (annotation("entry"), 0, 500),
                ("Delete", 600, 700),
                ("predict", 1000, 2000),
                ("Early", 1000, 1100),
                (annotation("entry"), 1200, 2000),
            ]
        )
    )
    assert found == {
        ("Delete", "teardown", "calling"): (50, 0.5),
        ("Early", "unattributed", "calling"): (50, 0.5),
    }


def test_events_outside_the_calls_are_left_out():
    found = native(
        trace(
            main=[
                ("Import", 0, 90),
                ("predict", 100, 1100),
                (annotation("entry"), 100, 1100),
                ("Run", 200, 300),
                ("After", 1200, 1300),
            ]
        )
    )
    assert found == {("Run", "entry", "calling"): (100, 1)}


def test_a_child_that_outlasts_its_parent_by_a_tick_is_cut():
    found = native(
        trace(
            main=[
                ("predict", 0, 1000),
                (annotation("entry"), 0, 1000),
                ("Outer", 100, 200),
                ("Inner", 150, 201),
            ]
        )
    )
    assert found == {("Outer", "entry", "calling"): (50, 1), ("Inner", "entry", "calling"): (50, 1)}


# --- other threads ---


def test_other_threads_events_are_under_the_phase_that_waits():
    found = native(
        trace(
            main=[
                ("predict", 0, 1000),
                (annotation("batch_fetching"), 0, 400),
                (annotation("execution"), 400, 900),
            ],
            pool=[("Map", 50, 150), ("MatMul", 500, 700), ("Late", 950, 990)],
        )
    )
    assert found == {
        ("Map", "batch_fetching", "other"): (100, 1),
        ("MatMul", "execution", "other"): (200, 1),
        ("Late", "unattributed", "other"): (40, 1),
    }


def test_after_an_inner_phase_the_outer_one_waits_again():
    found = native(
        trace(
            main=[("predict", 0, 1000), (annotation("loop"), 0, 1000), (annotation("execution"), 100, 200)],
            pool=[("Map", 300, 400)],
        )
    )
    assert found == {("Map", "loop", "other"): (100, 1)}


def test_other_threads_nest_for_themselves():
    found = native(
        trace(
            main=[("predict", 0, 1000), (annotation("execution"), 0, 1000)],
            pool=[("Executor", 100, 500), ("MatMul", 200, 300)],
        )
    )
    assert found == {("Executor", "execution", "other"): (300, 1), ("MatMul", "execution", "other"): (100, 1)}


def test_the_calling_thread_is_the_one_with_the_markers_whatever_its_place():
    events = [("predict", 0, 1000), (annotation("execution"), 0, 1000), ("Run", 0, 300)]
    pool = [("MatMul", 100, 200)]
    assert native(trace(a=pool, z=events)) == native(trace(a=events, z=pool))


# --- scaling, several traces, names ---


def test_times_are_scaled_to_the_call_and_counts_are_a_call():
    events = [
        (name, begin + start, end + start)
        for start in (0, 2000, 4000)
        for name, begin, end in [
            ("predict", 0, 1000),
            (annotation("execution"), 0, 1000),
            ("Run", 100, 200),
            ("Run", 300, 400),
        ]
    ]
    assert native(trace(main=events), total_ns=5000) == {("Run", "execution", "calling"): (1000, 2)}


def test_several_traces_are_one():
    one = trace(main=[("predict", 0, 1000), (annotation("execution"), 0, 1000), ("Run", 0, 500)])
    other = trace(main=[("predict", 0, 1000), (annotation("execution"), 0, 1000), ("Go", 0, 250)])
    assert native(one, other) == {
        ("Run", "execution", "calling"): (250, 0.5),
        ("Go", "execution", "calling"): (125, 0.5),
    }


def test_a_trace_without_calls_gives_nothing():
    assert native() == {}
    assert native(trace(main=[("other", 0, 10)])) == {}
    assert native(Trace("empty", [], [])) == {}


def test_a_marker_that_no_event_has_gives_nothing():
    assert native(Trace("names alone", ["predict"], [])) == {}


def test_small_events_are_left_out():
    found = native(
        trace(
            main=[
                ("predict", 0, 100_000),
                (annotation("entry"), 0, 100_000),
                ("Small", 0, 49),
                ("Large", 100, 200),
            ]
        ),
        total_ns=100_000,
    )
    assert list(found) == [("Large", "entry", "calling")]


def test_most_expensive_first_the_calling_thread_before_the_others():
    shares = native_shares(
        [
            trace(
                main=[("predict", 0, 1000), (annotation("entry"), 0, 1000), ("A", 0, 100), ("B", 100, 300)],
                pool=[("C", 0, 900)],
            )
        ],
        "predict",
        1000,
    )
    assert [one.event for one in shares] == ["B", "A", "C"]


def test_functions_of_a_kind_are_one_event():
    found = native(
        trace(
            main=[
                ("predict", 0, 1000),
                (annotation("execution"), 0, 1000),
                ("Run: __inference_step_12", 0, 100),
                ("Run: __inference_step_345", 200, 300),
                ("layer_12", 400, 500),
            ]
        )
    )
    assert found == {
        ("Run: __inference_step_*", "execution", "calling"): (200, 2),
        ("layer_12", "execution", "calling"): (100, 1),
    }


# --- layers ---


def layer(name, kind="Dense", parent=None):
    return Layer(name, kind, parent)


FLAT = [layer("dense"), layer("dense_1"), layer("dense_2")]


def test_keras_2_enters_each_scope_once():
    paths = {f"model/{name}/MatMul": name for name in ("dense", "dense_1", "dense_2")}
    assert layer_paths(FLAT, paths) == paths


def test_keras_3_enters_each_scope_twice():
    assert layer_paths(
        FLAT,
        [
            "functional_1/dense_1/MatMul",
            "functional_1/dense_1_2/MatMul",
            "functional_1/dense_2_1/MatMul",
        ],
    ) == {
        "functional_1/dense_1/MatMul": "dense",
        "functional_1/dense_1_2/MatMul": "dense_1",
        "functional_1/dense_2_1/MatMul": "dense_2",
    }


def test_nested_models_have_scopes_of_their_own():
    layers = [
        layer("encoder", "Functional"),
        layer("dense", parent="encoder"),
        layer("dense_1"),
        layer("decoder", "Functional"),
        layer("conv", "Conv2D", "decoder"),
    ]
    assert layer_paths(
        layers,
        [
            "model/encoder/dense/MatMul",
            "model/dense_1/MatMul",
            "model/decoder/conv/Conv2D",
            "model/decoder/Reshape",
            "model/conv/Conv2D",
        ],
    ) == {
        "model/encoder/dense/MatMul": "dense",
        "model/dense_1/MatMul": "dense_1",
        "model/decoder/conv/Conv2D": "conv",
        "model/decoder/Reshape": "decoder",
    }


def test_paths_of_no_layer_are_left_out():
    assert layer_paths(FLAT, ["model/Cast", "dense", "iterator/next"]) == {"dense": "dense"}
    assert layer_paths([], ["model/dense/MatMul"]) == {}


KERNELS = [("predict", 0, 1000), (annotation("execution"), 0, 1000)]


def test_kernels_are_summed_by_layer_on_all_threads():
    made = trace(
        main=[*KERNELS, ("model/dense/BiasAdd:BiasAdd", 0, 100)],
        pool=[
            ("model/dense/MatMul:MatMul", 100, 400),
            ("model/dense_1/MatMul:MatMul", 400, 500),
            ("model/Cast:Cast", 500, 900),
        ],
    )
    found = layer_shares([made], "predict", FLAT, [], 2000)
    assert [(one.layer, one.layer_class, one.self_ns, one.share, one.ops) for one in found] == [
        ("dense", "Dense", 800, 0.8, ["MatMul", "BiasAdd"]),
        ("dense_1", "Dense", 200, 0.2, ["MatMul"]),
    ]


def test_steps_of_a_loop_are_those_of_its_most_frequent_op():
    body = "model/dense/map/while/body/_1/model/dense/map/while/"
    made = trace(
        main=KERNELS,
        pool=[
            *((f"{body}Mean:Mean", 100 * number, 100 * number + 10) for number in range(8)),
            (f"{body}Sub:Sub", 20, 30),
            ("model/dense_1/MatMul:MatMul", 850, 900),
        ],
    )
    found = layer_shares([made], "predict", FLAT, [], 2000)
    assert {one.layer: one.loop_steps for one in found} == {"dense": 8.0, "dense_1": 0.0}


LOOP = [
    BuiltGraph("model_dense_while_body_3", pipeline=False, ops=10),
    BuiltGraph(
        "one_step",
        pipeline=False,
        ops=20,
        loops=[GraphLoop(op="model/dense/map/while", body="model_dense_while_body_3")],
    ),
]


def started(times, runs):
    """Calls that run a function so often, in which ops are started so often."""
    return trace(
        main=[*KERNELS, *(("one_step", 10 * number, 10 * number + 5) for number in range(runs))],
        pool=[
            *(("ExecutorState::Process", number, number + 1) for number in range(times)),
            ("model/dense_1/MatMul:MatMul", 850, 900),
        ],
    )


def test_steps_of_a_loop_whose_ops_are_not_traced_are_told_by_the_starts_of_ops():
    found = layer_shares([started(20 + 10 * 60, 1)], "predict", FLAT, LOOP, 2000)
    assert [(one.layer, one.loop_steps, one.self_ns, one.ops) for one in found] == [
        ("dense_1", 0.0, 100, ["MatMul"]),
        ("dense", 60.0, 0, []),
    ]


@pytest.mark.parametrize(("times", "runs", "graphs"), [(620, 31, LOOP), (620, 0, LOOP), (620, 1, [])])
def test_a_graph_that_runs_often_or_has_no_loop_has_no_steps(times, runs, graphs):
    found = layer_shares([started(times, runs)], "predict", FLAT, graphs, 2000)
    assert [(one.layer, one.loop_steps) for one in found] == [("dense_1", 0.0)]


def test_events_that_are_no_kernels_have_no_layer():
    made = trace(
        main=[
            *KERNELS,
            ("dense:MatMul", 0, 100),
            ("ExecutorState::Process", 100, 200),
            ("model/dense/MatMul", 200, 300),
        ]
    )
    assert layer_shares([made], "predict", FLAT, [], 2000) == []


def test_without_calls_there_are_no_layers():
    assert layer_shares([], "predict", FLAT, [], 2000) == []


def test_a_layer_that_is_called_again_keeps_its_kernels():
    layers = [Layer(name, "Dense") for name in ("tied", "body")]
    paths = ["m_1/tied_1/MatMul", "m_1/body_1/MatMul", "m_1/tied_3/Tensordot/MatMul"]
    assert layer_paths(layers, paths) == dict(zip(paths, ("tied", "body", "tied")))

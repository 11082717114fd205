"""A trace's steps by TensorFlow's own events: by hand, and beside real recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from keras_profile.analysis.attribution.native import traced_partition
from keras_profile.analysis.attribution.vocabulary import PHASES
from keras_profile.features.trace import trace_partition
from keras_profile.features.trace.trace_division import NOT_TOLD, divide_trace, join
from keras_profile.features.trace.trace_partition import (
    PARTS,
    PYTHON,
    SINGLE_OPS,
    native_events,
    native_gaps,
    partition_steps,
    phase_of_event,
)
from keras_profile.model.trace import FUNCTION_CALL, STEP_NUMBER, Trace, TraceLine
from keras_profile.recordings.readers.xspace import read_xspace

TRACES = Path(__file__).parents[2] / "traces"


def trace(*lines, steps=("step",), calls=()):
    """A trace of threads, each (name, (event, begin, end)…); times are ns."""
    names = sorted({event for _, *events in lines for event, _, _ in events})
    made = []
    for thread, *events in lines:
        rows = sorted((begin * 1000, -end * 1000, names.index(event)) for event, begin, end in events)
        begin, end, name = np.array(rows, dtype=np.int64).T
        made.append(TraceLine(thread, name.astype(np.int32), begin, -end))
    bearing = {STEP_NUMBER: steps, FUNCTION_CALL: calls}
    return Trace(
        "traces/host.xplane.pb",
        names,
        made,
        {
            stat: frozenset(names.index(name) for name in found if name in names)
            for stat, found in bearing.items()
        },
    )


def parts(one, **options):
    """The ns of each part of each step."""
    found = partition_steps(one, **options)
    return [{part: ps // 1000 for part, ps in zip(PARTS, row) if ps} for row in found.parts.tolist()]


# --- the table ---


@pytest.mark.parametrize(
    ("event", "phase"),
    [
        ("tf.function-graph_building", "function_tracing"),
        ("MakeIterator::RangeDataset", "iterator_creation"),
        ("EagerLocalExecute: MakeIterator", "iterator_creation"),
        ("TFE_DeleteTensorHandle", "teardown"),
        ("EagerLocalExecute: AnonymousIteratorV3", "iterator_creation"),
        ("EagerLocalExecute: ParallelMapDatasetV2", "dataset_building"),
        ("EagerLocalExecute: RangeDataset", "dataset_building"),
        ("EagerLocalExecute: MatMul", SINGLE_OPS),
        ("EagerLocalExecute: IteratorGetNext", "batch_fetching"),
        ("FunctionRun", "execution"),
        ("EagerLocalExecute: __inference_step_12", "execution"),
        ("CpuCompiler::RunBackend", "compilation"),
        ("EagerLocalExecute: _EagerConst", ""),
        ("convert_to_tensor", ""),
        ("my own event", ""),
    ],
)
def test_events_have_phases(event, phase):
    assert phase_of_event(event) == phase


def test_the_tables_name_phases_only():
    assert {phase for _, phase in native_events()} <= {*PARTS, ""}
    assert {word for pair, phase in native_gaps().items() for word in (*pair, phase)} <= {*PARTS, "edge"}
    assert {*NOT_TOLD} < {*PHASES}
    assert not {*NOT_TOLD} & {phase for _, phase in native_events() if phase != "garbage_collection"}


# --- by hand ---


def test_each_nanosecond_is_in_one_part():
    one = trace(
        (
            "python",
            ("step", 0, 100),
            ("EagerLocalExecute: RangeDataset", 10, 30),
            ("MakeIterator::RangeDataset", 40, 70),
            ("TFE_DeleteTensorHandle", 80, 85),
        )
    )
    assert parts(one) == [{"dataset_building": 20, "iterator_creation": 30, "teardown": 5, PYTHON: 45}]


def test_what_wraps_an_op_has_the_phase_of_the_op():
    one = trace(
        (
            "python",
            ("step", 0, 100),
            ("TFE_Py_FastPathExecute_C", 10, 50),
            ("EagerExecute", 12, 48),
            ("EagerLocalExecute: MakeIterator", 14, 40),
        )
    )
    assert parts(one) == [{"iterator_creation": 40, PYTHON: 60}]


def test_the_innermost_event_counts_but_tracing_holds_all_below():
    one = trace(
        (
            "python",
            ("step", 0, 100),
            ("my_function", 0, 90),
            ("tf.function-graph_building", 10, 50),
            ("EagerLocalExecute: MatMul", 20, 30),
            ("EagerLocalExecute: __inference_f_1", 60, 80),
        ),
        calls=("my_function",),
    )
    assert parts(one) == [{"dispatch": 30, "function_tracing": 40, "execution": 20, PYTHON: 10}]


def test_python_between_two_dataset_ops_builds_the_dataset():
    one = trace(
        (
            "python",
            ("step", 0, 100),
            ("EagerLocalExecute: RangeDataset", 10, 20),
            ("EagerLocalExecute: MapDataset", 50, 60),
        )
    )
    assert parts(one) == [{"dataset_building": 50, PYTHON: 50}]
    assert partition_steps(one).between[0, PARTS.index("dataset_building")] == 30_000


def test_python_between_single_ops_belongs_to_them():
    one = trace(
        (
            "python",
            ("step", 0, 100),
            ("EagerLocalExecute: MatMul", 10, 20),
            ("EagerLocalExecute: Relu", 50, 60),
        )
    )
    assert parts(one) == [{SINGLE_OPS: 50, PYTHON: 50}]


def test_events_around_and_between_steps_do_not_count():
    one = trace(
        (
            "python",
            ("MakeIterator::A", 0, 300),
            ("step", 10, 50),
            ("step", 100, 200),
            ("TFE_DeleteTensorHandle", 60, 70),
            ("TFE_DeleteTensorHandle", 110, 120),
        )
    )
    assert parts(one) == [{PYTHON: 40}, {"teardown": 10, PYTHON: 90}]


def test_of_steps_in_steps_the_outer_ones_count():
    one = trace(("python", ("step", 0, 100), ("step", 10, 20), ("step", 100, 110)))
    assert parts(one) == [{PYTHON: 100}, {PYTHON: 10}]


def test_the_thread_with_the_steps_is_the_main_one():
    one = trace(
        ("tf_Compute/1", *(("a:MatMul", at, at + 1) for at in range(0, 100, 2))),
        ("python", ("step", 0, 100), ("TFE_DeleteTensorHandle", 5, 10)),
    )
    assert parts(one) == [{"teardown": 5, PYTHON: 95}]


def test_without_steps_all_of_the_main_thread_is_one():
    one = trace(
        ("tf_Compute/1", ("a:MatMul", 0, 500), ("a:MatMul", 500, 600), ("b:Add", 600, 700)),
        ("python", ("EagerLocalExecute: MatMul", 10, 20), ("MakeIterator::A", 25, 40)),
        steps=(),
    )
    assert parts(one) == [{SINGLE_OPS: 10, "iterator_creation": 15, PYTHON: 5}]
    host, _ = divide_trace(one)
    assert host.step_names == []
    assert "no steps" in host.notes[0]


def test_annotations_of_a_recording_go_first():
    one = trace(
        (
            "python",
            ("step", 0, 100),
            ("keras_profile.callbacks", 10, 50),
            ("EagerLocalExecute: MatMul", 20, 30),
            ("TFE_DeleteTensorHandle", 60, 70),
        )
    )
    assert parts(one) == [{"callbacks": 40, "teardown": 10, PYTHON: 50}]
    assert parts(one, annotations=False) == [{SINGLE_OPS: 40, "teardown": 10, PYTHON: 50}]


def test_small_pieces_give_the_same(monkeypatch):
    path = next(iter((TRACES / "demo-keras-3.15").rglob("*.xplane.pb")))
    one = read_xspace(path)
    expected = partition_steps(one)
    whole = trace_partition.nested
    for size in (5, 64):
        monkeypatch.setattr(trace_partition, "nested", lambda line, size=size: whole(line, size))
        found = partition_steps(one)
        assert np.array_equal(found.parts, expected.parts)
        assert np.array_equal(found.name_count.sum(), expected.name_count.sum())


def test_a_report_sums_up_and_puts_hosts_together():
    first = trace(
        ("python", ("step", 0, 101), ("step", 200, 300), ("MakeIterator::A", 10, 31)),
        ("tf_Compute/-12", ("x/dense:MatMul", 20, 40), ("x/dense:MatMul", 150, 190)),
        ("tf_Compute/7", ("x/dense:MatMul", 210, 230)),
    )
    second = trace(("python", ("step", 0, 400), ("TFE_DeleteTensorHandle", 10, 110)))
    report = join([divide_trace(first), divide_trace(second)])
    division = report.hosts[0].division
    assert (division.steps, division.step_ns, division.median_step_ns) == (2, 100, 100)
    assert sum(phase.self_ns for phase in division.phases) == division.step_ns
    (kernel,) = division.kernels  # the one between the steps does not count
    assert (kernel.op, kernel.self_ns, kernel.count_per_step, kernel.share) == ("MatMul", 20, 1.0, 1.0)
    (work,) = division.other_threads
    assert (work.kind, work.threads, work.busy_ns) == ("tf_Compute", 2, 20)
    assert report.joint.steps == 3
    assert report.joint.step_ns == 601 // 3
    assert sum(phase.self_ns for phase in report.joint.phases) == report.joint.step_ns
    columns = report.hosts[0].steps
    assert columns.total_ns == [101, 100]
    assert columns.begin_ns == [0, 200]
    assert [sum(row) for row in zip(*columns.phases_ns.values())] == columns.total_ns


# --- beside real recordings ---

#: What a trace alone tells of a call of predict with arrays.
TOLD = (
    "dataset_building",
    "iterator_creation",
    "batch_fetching",
    "function_tracing",
    "compilation",
    "dispatch",
    "execution",
    "teardown",
)
#: Where a generation's own recording puts a part elsewhere than its events do; docs/trace.md says why.
DIFFERENT = {
    "demo-tf-2.4": {"iterator_creation": 0.03},
    "demo-tf-2.11": {"function_tracing": 0.03, "dispatch": 0.04},
}
RECORDINGS = sorted({path.relative_to(TRACES).parts[0] for path in TRACES.rglob("*.xplane.pb")})


@pytest.mark.parametrize("recording", RECORDINGS)
def test_a_trace_alone_agrees_with_the_recording(recording):
    alone, annotated, recorded = np.zeros(len(PARTS)), np.zeros(len(PARTS)), np.zeros(len(PHASES))
    for path in (TRACES / recording).rglob("*.xplane.pb"):
        one = read_xspace(path)
        alone += partition_steps(one, annotations=False).parts.sum(axis=0) / 1000
        annotated += partition_steps(one).parts.sum(axis=0) / 1000
        recorded += traced_partition([one], "predict").sum(axis=0)
    assert alone.sum() == pytest.approx(recorded.sum())
    assert annotated.sum() == pytest.approx(recorded.sum())
    shares = dict(zip(PHASES, recorded / recorded.sum()))
    for part, by_events, by_annotations in zip(PARTS, alone / alone.sum(), annotated / annotated.sum()):
        if part not in (PYTHON, SINGLE_OPS):
            assert by_annotations == pytest.approx(shares[part], abs=0.002), part
        if part in TOLD:
            assert by_events == pytest.approx(
                shares[part], abs=DIFFERENT.get(recording, {}).get(part, 0.02)
            ), part


def test_recordings_of_every_generation_with_such_traces_are_compared():
    assert len(RECORDINGS) >= 9

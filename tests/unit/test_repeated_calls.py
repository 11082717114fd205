"""Calls of predict in a trace in which nobody marked steps."""

from __future__ import annotations

import pytest

from keras_profile.features.trace.repeated_calls import with_repeated_calls
from keras_profile.features.trace.trace_files import make_trace_report
from keras_profile.recordings.readers.xspace import read_xspace
from support.commands import ROOT
from support.device_traces import on_host, step, written


def op(name, begin, end):
    return [("TFE_Py_FastPathExecute_C", begin, end), (f"EagerLocalExecute: {name}", begin + 1, end - 1)]


def call(begin, batches=2, extra=()):
    """A call of 1,000 ns: a dataset, two iterators, some batches; then nothing of TensorFlow."""
    made = [
        *op("TensorSliceDataset", begin, begin + 100),
        *op("AnonymousIteratorV3", begin + 100, begin + 200),
        *op("AnonymousIteratorV3", begin + 200, begin + 300),
    ]
    for batch in range(batches):
        made += op("__inference_one_step", begin + 400 + 100 * batch, begin + 480 + 100 * batch)
    made += extra
    return [*made, *op("DeleteIterator", begin + 900, begin + 1000)]


def divided(path, *events, **options):
    (host,) = make_trace_report([written(path, on_host(*events))], **options).hosts
    return host


@pytest.fixture
def file(tmp_path):
    return tmp_path / "host.xplane.pb"


def test_calls_are_found_and_said_to_be_found(file):
    events = [one for number in range(5) for one in call(number * 3000)]
    host = divided(file, *events)
    assert host.calls_found
    assert host.step_names == ["a call"]
    assert host.steps.total_ns == [1000] * 5
    assert host.division.steps == 5
    phases = {one.phase: one.self_ns for one in host.division.phases}
    assert phases["iterator_creation"] >= 196
    words = (
        "the trace has no steps: 5 repeated calls found by the ops that come again, 5 of them with the same"
    )
    assert any(note.startswith(words) for note in host.notes)


def test_calls_that_differ_are_counted(file):
    events = [one for number in range(6) for one in call(number * 3000, batches=3 if number == 2 else 2)]
    host = divided(file, *events)
    assert host.division.steps == 6
    assert any("5 of them with the same ops" in note for note in host.notes)


def test_what_the_trace_cuts_off_is_no_call(file):
    events = [one for number in range(4) for one in call(number * 3000)]
    host = divided(file, *events, *op("TensorSliceDataset", 12_000, 12_100))
    assert host.division.steps == 4
    assert host.steps.total_ns == [1000] * 4


def test_batches_of_one_call_are_no_calls(file):
    host = divided(file, *call(0, batches=4))
    assert not host.calls_found
    assert host.step_names == []
    assert any(
        "the trace has no steps, so its whole main thread counts as one" in note for note in host.notes
    )


def test_calls_without_a_pattern_are_no_calls(file):
    events = [
        one
        for number in range(4)
        for one in call(number * 3000, extra=op(f"Op{number}", number * 3000 + 700, number * 3000 + 710))
    ]
    assert not divided(file, *events).calls_found


def test_marked_steps_go_first(file):
    events = [one for number in range(4) for one in call(number * 3000)]
    host = divided(file, *events, step(0, 0, 20_000))
    assert not host.calls_found
    assert host.division.steps == 1


def test_the_calls_of_a_recording_are_found_without_its_marks():
    files = sorted((ROOT / "traces" / "demo-keras-3.15" / "tensorflow").rglob("*.xplane.pb"))
    trace = read_xspace(files[0])
    assert with_repeated_calls(trace) == (trace, None)

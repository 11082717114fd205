"""The XSpace writer: what it writes, the reader reads back, and steps are marked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_profile.model.trace import Trace, TraceLine
from keras_profile.output.encoding.xspace import encode_xspace
from keras_profile.recordings.readers.wire import LENGTH, VARINT, fields, read_varint
from keras_profile.recordings.readers.xspace import read_xspace


def trace_of(names, lines):
    """A trace of lines (thread, [(name, begin, end)]), sorted as the model has it."""
    made = []
    for thread, rows in lines:
        ordered = sorted(rows, key=lambda row: (row[1], -row[2]))
        name, begin, end = np.array(ordered, dtype=np.int64).reshape(-1, 3).T
        made.append(TraceLine(thread, name, begin, end))
    return Trace("made here", names, made)


def events(trace):
    """(thread, name, begin, end) of each event."""
    return [
        (one.thread, trace.names[name], begin, end)
        for one in trace.lines
        for name, begin, end in zip(one.name.tolist(), one.begin.tolist(), one.end.tolist())
    ]


def message(body):
    """Field number -> contents of a message; numbers decoded."""
    found = {}
    for number, kind, content in fields(memoryview(body)):
        assert kind in (VARINT, LENGTH)
        found.setdefault(number, []).append(read_varint(content, 0)[0] if kind == VARINT else bytes(content))
    return found


def stats_of(data):
    """(event name, {stat name: value}) of every event."""
    plane = message(message(data)[1][0])
    assert plane[2] == [b"/host:CPU"]
    names, stat_names = (
        {entry[1][0]: message(entry[2][0])[2][0].decode() for entry in map(message, plane.get(field, []))}
        for field in (4, 5)
    )
    found = []
    for line in plane[3]:
        for event in map(message, message(line).get(4, [])):
            stats = {stat_names[stat[1][0]]: stat[4][0] for stat in map(message, event.get(4, []))}
            found.append((names[event[1][0]], stats))
    return found, set(stat_names.values())


_TIMES = st.integers(0, 2**50)
_ROWS = st.lists(st.tuples(st.integers(0, 3), _TIMES, _TIMES), min_size=1, max_size=20)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.text(), min_size=4, max_size=4),
    st.lists(st.tuples(st.text(min_size=1), _ROWS), max_size=4),
    st.sampled_from(["predict", "", "a"]),
)
def test_what_is_written_is_read_back(tmp_path_factory, names, drawn, entry):
    trace = trace_of(
        names,
        [(thread, [(name, begin, begin + length) for name, begin, length in rows]) for thread, rows in drawn],
    )
    path = tmp_path_factory.mktemp("x") / "host.xplane.pb"
    path.write_bytes(encode_xspace(trace, entry))
    assert events(read_xspace(path)) == [
        tuple(part.encode("utf-8", "replace").decode() if isinstance(part, str) else part for part in event)
        for event in events(trace)
    ]


@pytest.mark.parametrize("times", [(-5, 3), (0, 2**63 - 1), (-(2**62), 0), (2**62, 2**62)])
def test_times_of_every_size_and_sign_are_read_back(tmp_path, times):
    trace = trace_of(["a"], [("main", [(0, *times)])])
    (tmp_path / "t.pb").write_bytes(encode_xspace(trace, "predict"))
    assert events(read_xspace(tmp_path / "t.pb")) == [("main", "a", *times)]


def test_steps_are_numbered_in_order_and_are_roots():
    trace = trace_of(
        ["predict", "op"],
        [("worker", [(1, 0, 5)]), ("main", [(0, 40, 50), (1, 11, 12), (0, 10, 20), (0, 60, 70)])],
    )
    found, stat_names = stats_of(encode_xspace(trace, "predict"))
    assert found == [
        ("op", {}),
        ("predict", {"step_num": 0, "_r": 1}),
        ("op", {}),
        ("predict", {"step_num": 1, "_r": 1}),
        ("predict", {"step_num": 2, "_r": 1}),
    ]
    assert stat_names == {"step_num", "_r"}  # a group_id would make the steps vanish


def test_only_the_calling_threads_line_has_steps():
    trace = trace_of(["predict"], [("worker", [(0, 0, 5)]), ("main", [(0, 10, 20), (0, 40, 50)])])
    found, _ = stats_of(encode_xspace(trace, "predict"))
    assert [stats.get("step_num") for _, stats in found] == [None, 0, 1]


def test_a_trace_without_steps_or_events_is_written():
    assert stats_of(encode_xspace(trace_of(["op"], [("main", [(0, 0, 5)])]), "predict"))[0] == [("op", {})]
    assert message(message(encode_xspace(Trace("", [], []), "predict"))[1][0])[2] == [b"/host:CPU"]

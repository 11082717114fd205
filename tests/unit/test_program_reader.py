"""What a program's processes appended, read back: whole, cut off, and what is no such file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_profile.errors import RecordingError
from keras_profile.recorder.protocol import CALL_BEGIN, CALL_END, events
from keras_profile.recordings.readers.call_rows import LifeTime, read_calls
from keras_profile.recordings.readers.program import process_folders, read_process
from keras_profile.recordings.readers.span_blocks import read_blocks
from support import streams


@pytest.fixture
def process(tmp_path):
    made = streams.Process(streams.program(tmp_path / "app"))
    made.site(through={"file": "agent.py", "line": 7, "function": "act"})
    made.group()
    made.calls(8)
    return made


def test_a_process_is_read(process):
    process.tell(events.Capture(0, "spans", "failed", "once"))
    process.tell(events.Capture(0, "spans", "ok", "", {"mechanism": "x"}))
    process.activity("load_model", "load_model", within=-1)
    process.tell(events.Announce("said"))
    process.stacks(([streams.line(9, function="step", file="app.py")], 30, 1))
    process.end(raised="ValueError: no")
    found = read_process(process.folder)
    assert (found.pid, found.parent, found.argv, found.raised) == (100, 1, ["app.py"], "ValueError: no")
    assert found.sites[0].through.line == 7
    assert found.groups[0].entry == "predict"
    assert [(one.name, one.status) for one in found.captures[0]] == [("spans", "ok")]
    assert found.activities[0].kind == "load_model"
    assert found.announcements == ["said"]
    assert found.threads == {0: "MainThread", 1: "worker"}
    assert sum(found.overhead.values()) == 4_000_000
    assert [one.function for one in found.stacks.frames if one.kind == "user"] == ["step"]
    assert sum(found.stacks.nodes.wall_ns) == 30_000_000
    assert len(found.calls) == 9
    assert found.environment.facts.tensorflow == "2.21.0"


def test_the_last_word_on_a_group_counts(process):
    process.group(varying=True, parameters=14)
    found = read_process(process.folder)
    assert found.groups[0].varying
    assert found.groups[0].workload.facts.parameters == 14


def test_a_process_of_another_version_is_read(process):
    """What it tells more is left out, and what it does not tell has its default."""
    with (process.folder / "process.jsonl").open("a") as file:
        file.write('{"event": "activity", "kind": "fit", "name": "fit", "where": "a.py:1, in b", ')
        file.write('"begin_ns": 5000000001, "wall_ns": 2, "thread": 0, "later": []}\n')
        file.write('{"event": "not_recorded", "why": "no matter"}\n')
        file.write('{"event": "done", "trials": true, "group": -1}\n')
    found = read_process(process.folder)
    assert [(one.kind, one.within) for one in found.activities] == [("fit", -1)]


def test_a_process_that_was_killed_has_what_came_before(process):
    for name in ("process.jsonl", "calls.bin", "groups/0/spans.bin"):
        path = process.folder / name
        path.write_bytes(path.read_bytes()[:-5])
    found = read_process(process.folder)
    assert found.ended_ns is None
    assert len(found.calls) == 8
    assert len(read_blocks(process.folder / "groups" / "0" / "spans.bin").blocks) == 2
    assert found.last_ns >= int(found.calls["begin_ns"][-1])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 400))
def test_spans_may_end_anywhere(tmp_path_factory, cut):
    made = streams.Process(streams.program(tmp_path_factory.mktemp("cut")))
    for _ in range(4):
        made.spans(made.call())
    path = made.folder / "groups" / "0" / "spans.bin"
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    found = read_blocks(path)
    blocks = found.blocks
    assert found.lost_bytes == 0
    assert len(blocks) == min(cut, len(whole)) // (len(whole) // 4)
    for codes, times in blocks:
        assert (codes[0], codes[-1]) == (CALL_BEGIN, CALL_END)
        assert len(times) == 4


def test_a_process_without_calls_or_samples_has_none(tmp_path):
    made = streams.Process(streams.program(tmp_path / "app"))
    found = read_process(made.folder)
    assert len(found.calls) == 0
    assert found.stacks is None
    assert process_folders(tmp_path / "app") == [made.folder]
    assert read_blocks(made.folder / "spans.bin").blocks == []
    assert len(read_calls(made.folder / "calls.bin", LifeTime(None, None), [])[0]) == 0


def _stacks(**columns):
    nodes = {"parent": [-1, 0], "frame": [-1, 0], "count": [0, 1], "wall_ns": [0, 1], "cpu_ns": [0, 1]}
    whole = {
        "began_ns": streams.BEGAN,
        "last_ns": streams.BEGAN + 1,
        "paused_ns": 0,
        "ticks": 1,
        "frames": [["thread", "", "", "", 0]],
    }
    return json.dumps({**whole, "nodes": {**nodes, **columns}}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\nmore\n",
        b'{"event": "tried"}\n',
        b'{"event": "process", "pid": "x"}\n',
        b'{"event": "process", "pid": 1, "parent": 1, "argv": [], "time": 1e300, "began_ns": 1}\n',
        b'{"event": "site"}\n',
        b'{"no": 1}\n',
    ],
)
def test_a_file_that_tells_of_no_process_is_told_with_its_name(process, content):
    (process.folder / "process.jsonl").write_bytes(content)
    with pytest.raises(RecordingError, match=r"process\.jsonl: expected the events of a process, found none"):
        read_process(process.folder)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("calls.bin", b"\xff" * 64, "64 bytes of calls.bin"),
        ("stacks.json", b"[]", "stacks.json"),
        ("stacks.json", _stacks(parent=[-1, 1]), "unknown parent"),
        ("stacks.json", _stacks(frame=[-1, 7]), "unknown parent or frame"),
        ("stacks.json", _stacks(count=[1]), "differ in length"),
        ("stacks.json", _stacks(wall_ns=[0, 1 << 50]), "longer than the sampling"),
        ("stacks.json", _stacks(wall_ns=[0, -1]), "wall_ns"),
    ],
)
def test_what_is_no_such_file_is_left_out_and_told(process, name, content, words):
    (process.folder / name).write_bytes(content)
    assert words in " ".join(read_process(process.folder).damage)


def test_spans_that_are_none_are_counted(tmp_path):
    path = tmp_path / "spans.bin"
    path.write_bytes(b"\xff" * 32)
    found = read_blocks(path)
    assert (found.blocks, found.lost_bytes) == ([], 32)

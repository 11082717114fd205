"""What is said of calls that do not return, and which calls block an event loop."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import pytest

from keras_profile.analysis.calls_under_way import sentence
from keras_profile.analysis.program_report import program_report
from keras_profile.model.program import UnfinishedCall
from keras_profile.recorder.frameworks.event_loops import Waiting
from keras_profile.recorder.program import unfinished
from keras_profile.recorder.program.describing import Call
from keras_profile.recorder.program.loop_calls import LoopCalls
from keras_profile.recorder.protocol import events
from keras_profile.recordings.opened import OpenedProgram
from support import streams


def call(**changed):
    known = {
        "group": 0,
        "where": "/home/u/app.py:12",
        "entry": "predict",
        "begin_ns": 1,
        "wall_ns": 43_000_000_000,
        "ended": "KeyboardInterrupt",
        "batches": 4812,
        "inside": "",
        "endless": "",
        "grown_bytes": None,
    }
    return UnfinishedCall(**{**known, **changed})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "predict at app.py:12 had not returned after 43 s (KeyboardInterrupt); 4,812 batches so far"),
        ({"ended": ""}, "has been running for 43 s"),
        ({"batches": None}, "no batch has finished yet"),
        ({"inside": "/home/u/net.py:7, in call"}, "it is at net.py:7, in call"),
        ({"grown_bytes": 90_000_000}, "memory grew by 90 MB meanwhile: the outputs of all batches are kept"),
        ({"endless": "generator"}, "an endless one never does; pass steps="),
        ({"endless": "repeat"}, "its dataset has `repeat`"),
    ],
)
def test_what_is_known_of_a_call_is_said(changed, words):
    assert words in sentence(call(**changed))


def test_little_memory_is_no_growth():
    assert "memory" not in sentence(call(grown_bytes=5_000_000))


#: A thread remembers the last call of a base: each test has its own.
_bases = itertools.count(1000)


def counted(*made):
    """What is known of calls: of each the task, begin and end in ms, what was ready before and after."""
    calls = LoopCalls(next(_bases))
    for task, begin, end, before, after in made:
        calls.add(task, begin * 1_000_000, end * 1_000_000, Waiting(*before), Waiting(*after))
    return calls.describe()


def test_calls_of_tasks_that_queue_are_one_long_block():
    known = counted(
        (1, 0, 50, (2, (7, 8)), (2, (7, 8))),
        (2, 51, 100, (1, (8,)), (1, (8,))),
        (3, 101, 150, (0, ()), (0, ())),
    )
    assert known["longest_ns"] == 150_000_000
    assert (known["longest_calls"], known["tasks_in_a_row"], known["waited"]) == (3, 3, 2)
    assert known["most_waiting"] == 2


def test_a_loop_that_had_its_turn_between_is_blocked_by_each_call_alone():
    known = counted((1, 0, 50, (1, (7,)), (1, (7,))), (1, 51, 100, (0, ()), (1, (9,))))
    assert (known["longest_calls"], known["longest_ns"]) == (1, 50_000_000)
    assert known["tasks_in_a_row"] == 1


def test_a_task_that_was_not_ready_yet_was_made_so_by_the_loop():
    known = counted((1, 0, 50, (0, ()), (0, ())), (2, 51, 100, (0, ()), (0, ())))
    assert (known["longest_calls"], known["tasks_in_a_row"]) == (1, 2)


def test_a_pause_ends_a_row():
    known = counted((1, 0, 50, (1, (7,)), (1, (7, 8))), (2, 90, 140, (1, (8,)), (0, ())))
    assert (known["longest_calls"], known["tasks_in_a_row"]) == (1, 1)


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({}, False),  # Ctrl-C came in some call of a loop
        ({"wall_ns": 5_000_000_000}, True),
        ({"endless": "generator"}, True),
        ({"ended": "the program ended"}, True),
    ],
)
def test_a_short_call_in_which_ctrl_c_came_is_not_worth_a_line(tmp_path, changed, shown):
    folder = streams.program(tmp_path / "prog", interrupted=True)
    process = streams.Process(folder)
    process.site()
    process.group()
    process.calls(8)
    known = {
        "group": 0,
        "where": "app.py:41, in act",
        "entry": "predict",
        "begin_ns": process.now,
        "wall_ns": 40_000_000,
        "ended": "KeyboardInterrupt",
    }
    process.tell(events.Unfinished(**{**known, **changed}))
    process.end("KeyboardInterrupt: ")
    report = program_report(OpenedProgram(folder))
    assert bool(report.program.unfinished) == shown


def test_memory_that_became_less_is_no_growth(monkeypatch):
    """A reader takes no negative number for it: the line would be lost."""
    read = iter([1000, 400])
    monkeypatch.setattr(unfinished, "resident_bytes", lambda: next(read))
    told = []
    under_way = SimpleNamespace(
        began_ns=5,
        group=SimpleNamespace(number=1, site=0),
        as_written=lambda: Call("call", (None, [1.0]), {}),
    )
    calls = unfinished.UnfinishedCalls({1: under_way}, lambda site: "app.py:3", told.append)
    calls.look()  # it has been under way for long: since the machine's start
    assert [(one.begin_ns, one.grown_bytes) for one in told] == [(5, 0)]
    assert told[0].wall_ns > 0

"""TensorFlow's profiler, of which a process has one: the program comes first."""

from __future__ import annotations

import threading

import pytest

from keras_profile.recorder.frameworks.tensorflow import profiler
from keras_profile.recorder.frameworks.tensorflow.profiler import Turns


class OneProfiler:
    """A profiler that one at a time may use, whose start takes until it is let go on."""

    def __init__(self):
        self.user = None
        self.starting, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    def start(self, user):
        if self.user is not None:
            raise RuntimeError("Another profiler is running.")
        self.user = user
        self.starting.set()
        assert self.go_on.wait(10)

    def stop(self):
        assert self.user is not None
        self.user = None


@pytest.fixture
def one():
    return OneProfiler()


@pytest.fixture
def turns():
    return Turns()


def start(turns, one, holder="trace"):
    return turns.start(holder, lambda: one.start("recorder"), one.stop)


def test_a_trace_ends_when_the_program_wants_the_profiler(turns, one):
    assert start(turns, one)
    assert turns.has("trace")
    turns.give_way()
    one.start("program")
    assert not turns.has("trace")
    turns.stop("trace")  # that of the program goes on
    assert one.user == "program"


def test_the_program_waits_for_a_trace_that_is_just_starting(turns, one):
    """On another thread, half-way through the start: the trace was neither there nor not."""
    one.go_on.clear()
    ours = threading.Thread(target=start, args=(turns, one))
    ours.start()
    assert one.starting.wait(10)

    def program():
        turns.give_way()
        one.start("program")

    theirs = threading.Thread(target=program)
    theirs.start()
    theirs.join(0.2)
    assert theirs.is_alive()
    one.go_on.set()
    ours.join()
    theirs.join()
    assert one.user == "program"
    assert not turns.has("trace")


def test_no_trace_starts_while_the_program_starts_its_own(turns, one, monkeypatch):
    turns.give_way()
    assert not start(turns, one)
    assert one.user is None
    monkeypatch.setattr(profiler, "_RESERVED_S", 0.0)
    assert start(turns, one)


def test_the_recorder_s_own_start_is_not_the_program_s(turns, one):
    """It comes by the hooks of the functions that start and stop the profiler."""

    def start_with_hook():
        turns.give_way()
        one.start("recorder")

    assert turns.start("trace", start_with_hook, one.stop)
    assert turns.has("trace")


def test_a_start_that_fails_leaves_nothing_behind(turns, one):
    one.start("program")
    with pytest.raises(RuntimeError):
        start(turns, one)
    assert not turns.has("trace")
    turns.stop("trace")
    assert one.user == "program"
    one.stop()
    assert start(turns, one)


def test_a_forked_child_has_no_trace_and_no_lock_of_the_parent(turns, one):
    one.go_on.clear()
    thread = threading.Thread(target=start, args=(turns, one))
    thread.start()
    assert one.starting.wait(10)
    turns.forsake()
    turns.give_way()  # would wait for ever
    assert not turns.has("trace")
    one.go_on.set()
    thread.join()

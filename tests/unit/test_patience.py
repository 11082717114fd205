"""Code that does not come back is ended by an exception in it, and nothing else is."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest

from keras_profile.recorder.interrupts import interrupt_main
from keras_profile.recorder.trials import patience
from keras_profile.recorder.trials.patience import TimeIsOver, TookTooLong, at_most


def loop():
    while True:
        try:
            sum(())
        except Exception:
            raise AssertionError("caught") from None


def sleep():
    time.sleep(10**6)


@pytest.mark.parametrize("hangs", [loop, sleep])
def test_what_hangs_is_ended(hangs):
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(TookTooLong), at_most(0.2):
        hangs()
    assert signal.getsignal(signal.SIGINT) is before


def test_the_time_for_all_is_told_from_the_time_for_one():
    with pytest.raises(TimeIsOver), at_most(0.2, TimeIsOver), at_most(30):
        sleep()
    with at_most(30, TimeIsOver), pytest.raises(TookTooLong), at_most(0.2):
        sleep()


def test_what_comes_back_is_left_alone():
    with at_most(0.2):
        made = sum(range(10))
    time.sleep(0.4)
    assert made == 45


def test_where_the_first_exception_is_caught_another_one_follows():
    caught = []

    def catch_one():
        try:
            sleep()
        except TookTooLong:
            caught.append(1)
        sleep()

    with pytest.raises(TookTooLong), at_most(0.1):
        catch_one()
    assert caught == [1]


def test_another_thread_is_ended_when_it_runs_python_again():
    ended = []

    def run():
        try:
            with at_most(0.2):
                loop()
        except TookTooLong:
            ended.append(True)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert ended == [True]


def test_an_interrupt_of_the_user_s_is_still_theirs():
    with pytest.raises(KeyboardInterrupt), at_most(30):
        signal.raise_signal(signal.SIGINT)


def test_one_within_another_ends_as_the_first_of_them_says():
    with at_most(30), pytest.raises(TookTooLong), at_most(0.2):
        sleep()
    with pytest.raises(TookTooLong), at_most(0.2), at_most(30):
        sleep()


def test_at_the_very_end_nothing_is_taken_for_the_user_s():
    for step in range(60):
        try:
            with at_most(0.01):
                time.sleep(0.01 + step / 60000)
        except TookTooLong:
            continue


class Interrupting:
    """A lock with which the time is over just as the guard ends."""

    def __init__(self, guard):
        self.guard, self.left = guard, 1

    def __enter__(self):
        if self.left:
            self.left -= 1
            self.guard._sent = 1
            interrupt_main()
            sum(range(1000))

    def __exit__(self, *raised):
        pass


def test_what_is_sent_as_the_block_ends_ends_the_guard_all_the_same():
    before = signal.getsignal(signal.SIGINT)
    guard = patience._Guard(30, TookTooLong)
    with guard.around():
        guard._lock = Interrupting(guard)
    assert guard._lock.left == 0
    assert guard._over.is_set()  # or else another one would be sent, into what runs later
    assert signal.getsignal(signal.SIGINT) is before


def test_no_time_at_all_leaves_nothing_behind():
    before = signal.getsignal(signal.SIGINT)
    for _ in range(40):
        with suppress(TookTooLong), at_most(0):
            sum(range(1000))
        assert signal.getsignal(signal.SIGINT) is before
    time.sleep(2 * patience._ARRIVES_S)
    assert not [one for one in threading.enumerate() if one.name == "keras_profile"]


PROFILED_AFTERWARDS = """
import cProfile, threading, time
from keras_profile.recorder.interrupts import interrupt_main
from keras_profile.recorder.trials import patience
from keras_profile.recorder.trials.patience import TookTooLong, at_most

def guarded():
    try:
        with at_most(0.05):
            time.sleep(0.3)
    except TookTooLong:
        print("ended")

thread = threading.Thread(target=guarded)
thread.start()
thread.join()
with cProfile.Profile():
    sorted([2, 1])
print("profiled")
"""


def test_cprofile_returns_after_another_thread_was_ended():
    # Cancelling an exception leaves a flag set, with which CPython 3.11 never leaves a profiled function.
    done = subprocess.run(
        [sys.executable, "-c", PROFILED_AFTERWARDS], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["ended", "profiled"]


def test_what_was_sent_at_the_very_end_arrives_in_no_later_code():
    raised = []

    def ends_at_its_time():
        for _ in range(40):
            try:
                with at_most(0.005):
                    time.sleep(0.0049)
            except TookTooLong:
                pass
        try:
            time.sleep(0.05)
            sum(range(1000))
        except TookTooLong:
            raised.append("late")

    thread = threading.Thread(target=ends_at_its_time)
    thread.start()
    thread.join()
    assert raised == []

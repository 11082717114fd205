"""How programs are ended, by what the system has."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from keras_profile.launch import signals
from keras_profile.recorder import interrupts
from keras_profile.recorder.trials.patience import TookTooLong, at_most


@pytest.fixture
def on_windows(monkeypatch):
    """The module as it is on Windows, and what it sends there: (number, to whom)."""
    for name in ("SIGKILL", "SIGUSR1", "SIGHUP"):
        monkeypatch.delattr(signal, name)
    monkeypatch.setattr(signal, "CTRL_C_EVENT", 0, raising=False)
    monkeypatch.setattr(signal, "CTRL_BREAK_EVENT", 1, raising=False)
    sent = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    yield importlib.reload(signals), sent
    monkeypatch.undo()
    importlib.reload(signals)


def test_here_a_program_is_asked_twice_and_then_ended():
    assert signals.ENDING == (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
    assert signals.REPORT == signal.SIGUSR1


def test_windows_has_ctrl_c_for_the_console_and_an_end(on_windows):
    module, sent = on_windows
    assert module.ENDING == (0, signal.SIGTERM)
    assert module.REPORT is None
    for number in module.ENDING:
        module.send(1234, number)
    assert sent == [(0, 0), (1234, signal.SIGTERM)]
    assert module.KILL == signal.SIGTERM


def test_a_recorder_gets_ctrl_break_on_windows(on_windows):
    module, _ = on_windows
    got = []

    class Process:
        send_signal = got.append

    module.interrupt_group(Process())
    assert got == [1]


@pytest.mark.parametrize("error", [ProcessLookupError, PermissionError, OSError(22, "no such process")])
def test_who_has_ended_is_sent_nothing(monkeypatch, error):
    def kill(pid, number):
        raise error

    monkeypatch.setattr(os, "kill", kill)
    signals.send(1, signals.KILL)


def test_a_program_is_ended(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    signals.send(process.pid, signals.KILL)
    assert process.wait() == -signal.SIGKILL
    signals.send(process.pid, signals.KILL)  # it is gone


WAYS = {
    "pthread_kill": (),
    "raise_signal": ("pthread_kill",),
    "interrupt_main": ("pthread_kill", "raise_signal"),
}


@pytest.fixture(params=WAYS, ids=list(WAYS))
def way(request, monkeypatch):
    for name in WAYS[request.param]:
        monkeypatch.delattr(signal, name)
    return request.param


def test_the_main_thread_is_interrupted_in_each_way(way):
    begun = threading.Event()

    def interrupt():
        begun.wait()
        interrupts.interrupt_main()

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        be_busy(begun.set)
    thread.join()


def test_what_takes_too_long_is_ended_in_each_way(way):
    with pytest.raises(TookTooLong), at_most(0.1):
        be_busy()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_is_in_time_is_not_interrupted(way):
    with at_most(30):
        pass
    time.sleep(0.05)


def test_ctrl_break_interrupts_a_recorder(monkeypatch):
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGUSR2, raising=False)
    before = signal.getsignal(signal.SIGUSR2)
    interrupts.take_breaks_for_interrupts()
    try:
        with pytest.raises(KeyboardInterrupt):
            be_busy(lambda: os.kill(os.getpid(), signal.SIGUSR2))
    finally:
        signal.signal(signal.SIGUSR2, before)


def be_busy(first=lambda: None):
    first()
    until = time.monotonic() + 30
    while time.monotonic() < until:
        pass

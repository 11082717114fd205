"""Interrupts of the main thread, by what the system has."""

from __future__ import annotations

import _thread
import signal
import threading
from types import FrameType


def interrupt_main() -> None:
    """Does what Ctrl-C does; from any thread, and to the main thread."""
    if hasattr(signal, "pthread_kill"):
        ident = threading.main_thread().ident
        assert ident is not None
        signal.pthread_kill(ident, signal.SIGINT)  # wakes what sleeps or waits
    elif hasattr(signal, "raise_signal"):
        signal.raise_signal(signal.SIGINT)  # this too, on Windows; as of Python 3.8
    else:
        _thread.interrupt_main()


def take_breaks_for_interrupts() -> None:
    """On Windows a process of its own group is not reached by Ctrl-C, but by Ctrl-Break."""
    if hasattr(signal, "SIGBREAK"):
        signal.signal(signal.SIGBREAK, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    interrupt_main()

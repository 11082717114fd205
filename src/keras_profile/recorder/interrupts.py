"""Interrupts the main thread, by the means that the system has."""

from __future__ import annotations

import _thread
import signal
import threading
from types import FrameType


def interrupt_main() -> None:
    """Does to the main thread what Ctrl-C does. Can be called from any thread."""
    if hasattr(signal, "pthread_kill"):
        ident = threading.main_thread().ident
        assert ident is not None
        signal.pthread_kill(ident, signal.SIGINT)  # wakes what sleeps or waits
    elif hasattr(signal, "raise_signal"):
        signal.raise_signal(signal.SIGINT)  # this too, on Windows; as of Python 3.8
    else:
        _thread.interrupt_main()


def take_breaks_for_interrupts() -> None:
    """Makes Ctrl-Break an interrupt: on Windows Ctrl-C does not reach a process in its own group."""
    if hasattr(signal, "SIGBREAK"):
        signal.signal(signal.SIGBREAK, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    interrupt_main()

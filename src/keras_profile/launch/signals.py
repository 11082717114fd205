"""Signals to programs, as far as the system has them.

Windows has only those that a console sends to all its processes, and an immediate end.
"""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress

#: Ends a process, which cannot prevent it.
KILL: int = getattr(signal, "SIGKILL", signal.SIGTERM)
#: What Ctrl-C sends. On Windows all processes of the console get it, as they do from the keyboard.
INTERRUPT: int = getattr(signal, "CTRL_C_EVENT", signal.SIGINT)
#: Sent to a program when its time is over, one after the other.
ENDING: tuple[int, ...] = tuple(dict.fromkeys((INTERRUPT, int(signal.SIGTERM), KILL)))
#: Asks for a report of a running program; None if there is no such signal.
REPORT: int | None = getattr(signal, "SIGUSR1", None)

#: What a system may raise for a process that has ended.
_GONE = (ProcessLookupError, PermissionError, OSError)


def send(pid: int, number: int) -> None:
    """Sends one of the above to a process; does nothing if it has ended."""
    with suppress(*_GONE):
        # To the whole console: it cannot be sent to one process.
        os.kill(0 if number == getattr(signal, "CTRL_C_EVENT", None) else pid, number)


def interrupt_group(process: subprocess.Popen[bytes]) -> None:
    """Interrupts a process that has a group of its own."""
    process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))

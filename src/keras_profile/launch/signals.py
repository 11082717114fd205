"""Signals to programs, by what the system has.

Windows has none but what its console sends to all that run in it, and an end that nothing can delay.
"""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress

#: Ends a process that has no say in it.
KILL: int = getattr(signal, "SIGKILL", signal.SIGTERM)
#: What Ctrl-C sends. On Windows the others of the console get it as well, as they do from the keyboard.
INTERRUPT: int = getattr(signal, "CTRL_C_EVENT", signal.SIGINT)
#: What a program is told when its time is over, one after the other.
ENDING: tuple[int, ...] = tuple(dict.fromkeys((INTERRUPT, int(signal.SIGTERM), KILL)))
#: Asks for a report of a program that runs; None where there is no such signal.
REPORT: int | None = getattr(signal, "SIGUSR1", None)

#: A system may say of a process that has ended that its number is none.
_GONE = (ProcessLookupError, PermissionError, OSError)


def send(pid: int, number: int) -> None:
    """Sends one of the above to a process; nothing where it has ended."""
    with suppress(*_GONE):
        # To all of the console: it has no number of its own for one process.
        os.kill(0 if number == getattr(signal, "CTRL_C_EVENT", None) else pid, number)


def interrupt_group(process: subprocess.Popen[bytes]) -> None:
    """Interrupts a process that has a group of its own."""
    process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))

"""Ends this process when another one has ended, if the system sends no signal for that."""

from __future__ import annotations

import os
import time
from _thread import start_new_thread
from typing import Callable

#: Seconds between two checks.
_EVERY_S = 0.5
#: The exit code of a process that nobody waits for any more.
_ABANDONED = 1


def parent_pid() -> int:
    """Returns the parent of this process."""
    return os.getppid()


def ends_with_parent() -> None:
    """Uses a thread that checks the parent: a process whose parent has ended gets another one."""
    parent = os.getppid()
    exit_without(lambda: os.getppid() == parent)


def exit_without(is_there: Callable[[], bool]) -> None:
    """Ends this process immediately when ``is_there()`` is no longer true.

    It is called on a thread that :mod:`threading` does not know about. It may block until the other
    process has ended.
    """

    def look() -> None:
        while is_there():
            time.sleep(_EVERY_S)
        os._exit(_ABANDONED)

    start_new_thread(look, ())

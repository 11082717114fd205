"""Ends this process when another one has: where the system sends no signal for that."""

from __future__ import annotations

import os
import time
from _thread import start_new_thread
from typing import Callable

#: How often it is looked.
_EVERY_S = 0.5
#: The exit code of a process that nobody waits for any more.
_ABANDONED = 1


def parent_pid() -> int:
    """Of this process."""
    return os.getppid()


def ends_with_parent() -> None:
    """By a thread that looks who the parent is: a process without one gets another."""
    parent = os.getppid()
    exit_without(lambda: os.getppid() == parent)


def exit_without(is_there: Callable[[], bool]) -> None:
    """Ends this process at once when ``is_there()`` is no longer true.

    It is asked on a thread that :mod:`threading` does not know of. A call that comes back only when the
    other process has ended may take as long as that.
    """

    def look() -> None:
        while is_there():
            time.sleep(_EVERY_S)
        os._exit(_ABANDONED)

    start_new_thread(look, ())

"""Loads the recorder into a program that begins to import Keras; the program sees none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..isolated_imports import IsolatedImports

if TYPE_CHECKING:
    from .start import RecorderInWindows, StartedRecorder


def start(began: tuple[float, int, int], forked: bool) -> StartedRecorder | RecorderInWindows | None:
    """Starts to record this process, like :func:`.start.start_by_environment`."""
    with IsolatedImports():
        from ..untouched import thread_time_ns  # imported here: these imports are to be isolated

        begin = thread_time_ns()
        from .start import start_by_environment
    return start_by_environment(began, forked, begin)

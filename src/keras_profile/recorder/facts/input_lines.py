"""Which of the user's lines make the batches of a call.

A generator, a ``PyDataset`` or a Python function of a pipeline runs on threads of TensorFlow and
Keras, which no profiler of the calling thread sees. So another thread samples all threads while one or
two calls are made that are not measured.
"""

from __future__ import annotations

import sys
from _thread import allocate_lock, start_new_thread
from threading import get_ident
from types import FrameType
from typing import Any

from ..frameworks import makes_batches
from ..source_files import SourceLines
from ..user_frames import users_frame, users_line

#: Seconds between two samples, and how many lines are reported.
_PERIOD_S = 0.01
_MOST = 5
#: How long the end waits for the thread, in seconds.
_ENDING_S = 1.0


class InputLines:
    """Samples the threads while it is open: ``with lines: call()``. Not reentrant.

    If no thread can be started, nothing is seen. It is not a thread of :mod:`threading`, so the
    program does not see it.
    """

    def __init__(self) -> None:
        self._stop: Any = None  # is held while the thread is to go on
        self._done: Any = None  # is held while the thread lives
        self._samples = 0
        self._sources = SourceLines()
        self._seen: dict[str, list[Any]] = {}  # a line's samples and source

    def __enter__(self) -> InputLines:
        stop, done = allocate_lock(), allocate_lock()
        stop.acquire()
        done.acquire()
        try:
            start_new_thread(self._look, (stop, done))
        except RuntimeError:  # the interpreter is ending, or the system has no more threads
            return self
        self._stop, self._done = stop, done
        return self

    def __exit__(self, *error: object) -> None:
        stop, self._stop = self._stop, None
        if stop is not None:
            stop.release()
            # In a child of a fork there is no such thread.
            if self._done.acquire(True, _ENDING_S):
                self._done.release()

    def describe(self) -> dict[str, Any] | None:
        """Returns the number of samples and the lines that made batches in most; None without any."""
        if not self._samples:
            return None
        most = sorted(self._seen.items(), key=lambda item: -item[1][0])[:_MOST]
        return {
            "samples": self._samples,
            "lines": [
                {"where": where, "source": source, "samples": count} for where, (count, source) in most
            ],
        }

    def _look(self, stop: Any, done: Any) -> None:
        own = get_ident()
        try:
            while not stop.acquire(True, _PERIOD_S):
                self._samples += 1
                for ident, frame in sys._current_frames().items():
                    if ident != own:
                        self._count(frame)
        finally:
            done.release()

    def _count(self, frame: FrameType) -> None:
        users = users_frame(frame)
        if users is None or not _is_for_a_batch(users):
            return
        where = users_line(users)
        assert where is not None
        seen = self._seen.get(where)
        if seen is None:
            source = self._sources.line(users.f_code.co_filename, users.f_lineno)
            seen = self._seen[where] = [0, source]
        seen[0] += 1


def _is_for_a_batch(frame: FrameType | None) -> bool:
    """Whether something that makes batches has called a function, at whatever depth."""
    while frame is not None:
        if makes_batches(frame.f_globals.get("__name__", "")):
            return True
        frame = frame.f_back
    return False

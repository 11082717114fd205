"""Which of the user's lines make the batches of a call.

A generator, a ``PyDataset`` or a Python function of a pipeline runs on threads of TensorFlow's and
Keras', which no profiler of the calling thread sees. So all threads are looked at from one more, from
time to time, while a call or two is made that is not measured.
"""

from __future__ import annotations

import linecache
import sys
import threading
from types import FrameType
from typing import Any

from ..frameworks import makes_batches
from ..user_frames import users_frame, users_line

#: Seconds between two looks, and how many lines are told.
_PERIOD_S = 0.01
_MOST = 5


class InputLines:
    """Looks at the threads while it is open: ``with lines: call()``. Not reentrant.

    Where no thread can be started nothing is seen.
    """

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._samples = 0
        self._seen: dict[str, list[Any]] = {}  # a line's samples and source

    def __enter__(self) -> InputLines:
        self._over.clear()
        thread = threading.Thread(target=self._look, name="keras_profile input", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the interpreter is ending, or the system has no more threads
            return self
        self._thread = thread
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def describe(self) -> dict[str, Any] | None:
        """How many samples there were, and the lines that made batches in most; None without any."""
        if not self._samples:
            return None
        most = sorted(self._seen.items(), key=lambda item: -item[1][0])[:_MOST]
        return {
            "samples": self._samples,
            "lines": [
                {"where": where, "source": source, "samples": count} for where, (count, source) in most
            ],
        }

    def _look(self) -> None:
        own = threading.get_ident()
        while not self._over.wait(_PERIOD_S):
            self._samples += 1
            for ident, frame in sys._current_frames().items():
                if ident != own:
                    self._count(frame)

    def _count(self, frame: FrameType) -> None:
        users = users_frame(frame)
        if users is None or not _is_for_a_batch(users):
            return
        where = users_line(users)
        assert where is not None
        seen = self._seen.get(where)
        if seen is None:
            source = linecache.getline(users.f_code.co_filename, users.f_lineno).strip()
            seen = self._seen[where] = [0, source]
        seen[0] += 1


def _is_for_a_batch(frame: FrameType | None) -> bool:
    """Whether something that makes batches has called a function, at whatever depth."""
    while frame is not None:
        if makes_batches(frame.f_globals.get("__name__", "")):
            return True
        frame = frame.f_back
    return False

"""Progress while nothing happens that could be reported: the time that is left, once a second."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from ...launch.recorder_process import Listener
from ...recorder.protocol import events


class Ticking:
    """Reports ``title`` and the seconds that are left, until it is closed: a context manager."""

    def __init__(self, listener: Listener, title: str, left_s: float) -> None:
        self._listener = listener
        self._whole_s = left_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)
        self._set(title, left_s)

    def __enter__(self) -> Ticking:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def update(self, title: str, left_s: float) -> None:
        """Gives it another title, and what is left now."""
        self._set(title, left_s)

    def _set(self, title: str, left_s: float) -> None:
        # One assignment, since the other thread reads it.
        self._state = title, time.monotonic() + left_s

    def _tick(self) -> None:
        while True:
            title, end = self._state
            left = max(0, round((end - time.monotonic()) * 1e9))
            whole = max(left, round(self._whole_s * 1e9))
            self._listener(events.Progress(title, 0, left, whole))
            if self._ended.wait(1.0):
                return

"""Where threads are between inference calls, by sampling all stacks now and then."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Callable, Container, Mapping

from ..protocol import PROGRAM_FILES
from ..user_frames import users_frame

if TYPE_CHECKING:
    from .allowance import Allowance
    from .files import ProcessFiles

#: Fifty times a second costs a few parts in a thousand; what is written is at most a second old.
INTERVAL_NS, WRITING_NS = 20000000, 1000000000


class Sampler:
    """A thread that counts the user's lines that other threads are at.

    Of the threads that made calls and of the main one, while they are in no call:
    ``flying`` has the idents of those that are. ``told()`` is called once a second.
    """

    def __init__(
        self,
        files: ProcessFiles,
        flying: Container[int],
        threads: Mapping[int, int],
        allowance: Allowance,
        told: Callable[[], None],
    ) -> None:
        self._files = files
        self._flying = flying
        self._threads = threads  # ident -> number
        self._allowance = allowance
        self._told = told
        self.paused = False
        # (thread, file, line, function) -> how often
        self._counts: dict[tuple[int, str, int, str], int] = {}
        self._total = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keras_profile", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread and writes what it counted."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(1.0)
        self.write()

    def _run(self) -> None:
        written = time.perf_counter_ns()
        while not self._stop.wait(INTERVAL_NS / 1e9):
            # Its own processor time is what it takes from the program: the rest is waiting.
            if self.paused:
                continue
            begin, now = time.thread_time_ns(), time.perf_counter_ns()
            self.sample()
            if now - written > WRITING_NS:
                written = now
                self.write()
                self._told()
            self._allowance.spend("sampling between calls", time.thread_time_ns() - begin)

    def sample(self) -> None:
        """Looks once at every thread that is in no call."""
        own = threading.get_ident()
        self._total += 1
        for ident, frame in sys._current_frames().items():
            number = self._threads.get(ident)
            if number is None or ident == own or ident in self._flying:
                continue
            frame = users_frame(frame) or frame
            key = (number, frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
            self._counts[key] = self._counts.get(key, 0) + 1

    def write(self) -> None:
        """Writes the counts so far."""
        samples = [
            {"thread": thread, "file": file, "line": line, "function": function, "count": count}
            for (thread, file, line, function), count in sorted(
                list(self._counts.items()), key=lambda item: -item[1]
            )
        ]
        self._files.replace(
            PROGRAM_FILES["between"], {"interval_ns": INTERVAL_NS, "total": self._total, "samples": samples}
        )

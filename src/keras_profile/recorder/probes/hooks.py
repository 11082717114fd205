"""What a probe calls at a function's entry, resumption and exit, with the internal's id."""

from __future__ import annotations

import threading
from array import array
from time import perf_counter_ns
from typing import Any, Callable

from ..protocol import GC_BEGIN, GC_END, RESUMED


class Hooks:
    """The callables for the probes: ``enter(id)``, ``resume(id)`` and ``leave(id)``."""

    def __init__(
        self, enter: Callable[[int], None], resume: Callable[[int], None], leave: Callable[[int], None]
    ) -> None:
        self.enter = enter
        self.resume = resume
        self.leave = leave


class EventLog:
    """The events of one thread in order: what happened, and when.

    ``codes`` and ``times`` are parallel; times are ``perf_counter_ns``. Only one thread is
    recorded: the one that made the log, or the last one that it followed. A call is attributed
    on its own thread, and tf.data runs Python on others.
    """

    def __init__(self) -> None:
        self.codes: array[int] = array("q")
        self.times: array[int] = array("q")
        self._own = [threading.get_ident()]

    def follow_this_thread(self) -> None:
        """Records this thread from now on."""
        self._own[0] = threading.get_ident()

    def clear(self) -> None:
        del self.codes[:]
        del self.times[:]

    def mark(self, code: int) -> None:
        self.codes.append(code)
        self.times.append(perf_counter_ns())

    def hooks(self) -> Hooks:
        # Bound once: these run thousands of times per call and are the whole
        # overhead.
        add_code, add_time = self.codes.append, self.times.append
        clock, thread, own = perf_counter_ns, threading.get_ident, self._own

        def enter(internal: int) -> None:
            if thread() == own[0]:
                add_code(internal)
                add_time(clock())

        def resume(internal: int) -> None:
            if thread() == own[0]:
                add_code(RESUMED + internal)
                add_time(clock())

        def leave(internal: int) -> None:
            if thread() == own[0]:
                add_time(clock())
                add_code(-1 - internal)

        return Hooks(enter, resume, leave)

    def gc_callback(self) -> Callable[[str, dict[str, int]], None]:
        """Returns a function for ``gc.callbacks`` that logs each collection on this thread."""
        own = self._own

        def collected(when: str, info: Any) -> None:
            if threading.get_ident() == own[0]:
                self.mark(GC_BEGIN if when == "start" else GC_END)

        return collected

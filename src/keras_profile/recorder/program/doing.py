"""The watched work that each thread is doing, for the sampler, which reads it from another thread."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..untouched import get_ident, perf_counter_ns

#: What a thread may be doing.
INFERENCE, ACTIVITY = "inference", "activity"


class Work(NamedTuple):
    """Work of a kind: the number of an inference call's group, or the name of an activity.

    ``frame`` is the identity of the frame that does it, which stays on the stack as long as this is kept.
    """

    frame: int
    kind: str
    what: Any


class Doing:
    """The work of all threads, the outermost first. Each thread changes only its own."""

    def __init__(self) -> None:
        self._threads: dict[int, _Thread] = {}

    def begin(self, frame: Any, kind: str, what: Any) -> None:
        """Notes that ``frame`` of the calling thread begins some work."""
        ident = get_ident()
        thread = self._threads.get(ident)
        if thread is None:
            thread = self._threads[ident] = _Thread()
        if not thread.works:
            thread.since_ns = perf_counter_ns()
        thread.works.append(Work(id(frame), kind, what))

    def end(self, frame: Any) -> None:
        """Notes that the work of ``frame`` of the calling thread has ended, if it began any."""
        thread = self._threads.get(get_ident())
        if thread is None or not thread.works:
            return
        works, number = thread.works, id(frame)
        if works[-1].frame == number:
            works.pop()
        else:  # coroutines may take turns
            place = next((place for place, work in enumerate(works) if work.frame == number), None)
            if place is None:
                return
            del works[place]
        if not works:
            thread.over_ns += perf_counter_ns() - thread.since_ns

    def took_ns(self, ident: int, now_ns: int) -> int:
        """Returns how long a thread has been at watched work up to now."""
        thread = self._threads.get(ident)
        if thread is None:
            return 0
        return thread.over_ns + (max(now_ns - thread.since_ns, 0) if thread.works else 0)

    def of(self, ident: int) -> dict[int, Work]:
        """Returns the work of a thread, by the frames that do it."""
        thread = self._threads.get(ident)
        return {} if thread is None else {work.frame: work for work in tuple(thread.works)}


class _Thread:
    """A thread's ``works``; how long past ones took (``over_ns``); when the current ones began."""

    __slots__ = ("over_ns", "since_ns", "works")

    def __init__(self) -> None:
        self.works: list[Work] = []
        self.over_ns = self.since_ns = 0

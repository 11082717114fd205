"""What each thread is doing that is watched, for the sampler: another thread that reads it."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..untouched import get_ident, perf_counter_ns

#: What a thread may be doing.
INFERENCE, ACTIVITY = "inference", "activity"


class Work(NamedTuple):
    """Work of a kind: the number of the group of an inference call, or the name of an activity.

    ``frame`` is the identity of the frame that does it, which is on the stack as long as this is known.
    """

    frame: int
    kind: str
    what: Any


class Doing:
    """The work of all threads, the outermost of each first. Its own thread alone changes a thread's."""

    def __init__(self) -> None:
        self._threads: dict[int, _Thread] = {}

    def begin(self, frame: Any, kind: str, what: Any) -> None:
        """The frame ``frame`` of the thread that asks begins some work."""
        ident = get_ident()
        thread = self._threads.get(ident)
        if thread is None:
            thread = self._threads[ident] = _Thread()
        if not thread.works:
            thread.since_ns = perf_counter_ns()
        thread.works.append(Work(id(frame), kind, what))

    def end(self, frame: Any) -> None:
        """The work that ``frame`` of the thread that asks began is over; nothing where it began none."""
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
        """How long a thread was at such work up to now."""
        thread = self._threads.get(ident)
        if thread is None:
            return 0
        return thread.over_ns + (max(now_ns - thread.since_ns, 0) if thread.works else 0)

    def of(self, ident: int) -> dict[int, Work]:
        """The work of a thread by the frames that do it."""
        thread = self._threads.get(ident)
        return {} if thread is None else {work.frame: work for work in tuple(thread.works)}


class _Thread:
    """A thread's ``works``; for how long it was at such, up to the end of the last; since when it is."""

    __slots__ = ("over_ns", "since_ns", "works")

    def __init__(self) -> None:
        self.works: list[Work] = []
        self.over_ns = self.since_ns = 0

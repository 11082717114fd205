"""What each thread is doing that is watched, for the sampler: another thread that reads it."""

from __future__ import annotations

from threading import get_ident
from time import perf_counter_ns
from typing import Any, NamedTuple

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
        self._by_thread: dict[int, list[Work]] = {}
        #: By thread: how long it was at such work, up to the end of the last, and since when it is.
        self._over_ns: dict[int, int] = {}
        self._since_ns: dict[int, int] = {}

    def begin(self, frame: Any, kind: str, what: Any) -> None:
        """The frame ``frame`` of the thread that asks begins some work."""
        ident = get_ident()
        works = self._by_thread.setdefault(ident, [])
        works.append(Work(id(frame), kind, what))
        if len(works) == 1:
            self._since_ns[ident] = perf_counter_ns()

    def end(self, frame: Any) -> None:
        """The work that ``frame`` of the thread that asks began is over; nothing where it began none."""
        ident = get_ident()
        works = self._by_thread.get(ident, [])
        # Most often it is the last: but coroutines may take turns.
        for place in range(len(works) - 1, -1, -1):
            if works[place].frame == id(frame):
                del works[place]
                break
        else:
            return
        if not works:
            del self._by_thread[ident]
            took = perf_counter_ns() - self._since_ns.pop(ident)
            self._over_ns[ident] = self._over_ns.get(ident, 0) + took

    def took_ns(self, ident: int, now_ns: int) -> int:
        """How long a thread was at such work up to now."""
        since = self._since_ns.get(ident, now_ns)
        return self._over_ns.get(ident, 0) + max(now_ns - since, 0)

    def of(self, ident: int) -> dict[int, Work]:
        """The work of a thread by the frames that do it."""
        return {work.frame: work for work in tuple(self._by_thread.get(ident, ()))}

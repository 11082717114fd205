"""What measuring has cost the program so far, and whether more may be spent."""

from __future__ import annotations

from typing import Callable

from ..untouched import perf_counter_ns

#: Of the share, so much may go to what is done once, and so much to the calls under instruments,
#: which have this part of the grace in addition.
ONCE, RUNNING, RUNNING_GRACE = 0.6, 0.4, 0.4


class Allowance:
    """Holds the cost of measuring to a share of the program's time.

    ``share`` is of the time since the beginning; ``grace_ns`` may be spent on what is done once,
    such as making probes, whatever that comes to, and a part of it more on calls, the whole of it
    until each kind of call has an answer: a short program is to have one too.
    ``parts`` is what was spent, in ns.
    """

    def __init__(
        self,
        share: float,
        grace_ns: int,
        clock: Callable[[], int] = perf_counter_ns,
        begin_ns: int | None = None,
    ) -> None:
        self.parts: dict[str, int] = {}
        self._share = share
        self._grace_ns = grace_ns
        self._clock = clock
        self._begin = clock() if begin_ns is None else begin_ns
        self._once = self._running = 0

    def allows(self, cost_ns: float, once_ns: float = 0, first: bool = False) -> bool:
        """Whether ``cost_ns`` more for calls, and ``once_ns`` before, stay within what may be spent.

        The ``first`` calls under an instrument, without which there is no answer, have the whole grace.
        """
        allowed = self._share * (self._clock() - self._begin)
        grace = self._grace_ns if first else RUNNING_GRACE * self._grace_ns
        return self._running + cost_ns <= max(grace, RUNNING * allowed) and (
            not once_ns or self._once + once_ns <= max(self._grace_ns, ONCE * allowed)
        )

    def spend(self, part: str, cost_ns: float, once: bool = False) -> None:
        """Counts ``cost_ns`` for ``part``; a call that was faster under an instrument costs nothing."""
        cost_ns = max(0, int(cost_ns))
        self.parts[part] = self.parts.get(part, 0) + cost_ns
        if once:
            self._once += cost_ns
        else:
            self._running += cost_ns

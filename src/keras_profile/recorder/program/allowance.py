"""What measuring has cost the program so far, and whether more may be spent."""

from __future__ import annotations

from typing import Callable

from ..untouched import perf_counter_ns

#: The parts of the share for one-off work and for calls under instruments, and the part of the grace
#: that these calls have in addition.
ONCE, RUNNING, RUNNING_GRACE = 0.6, 0.4, 0.4
#: What the program pays for each nanosecond that the recorder runs between its own work: the recorder's
#: code and data replace the program's in the processor's caches, and what the program does next is
#: slower. No clock in the process sees that; ``benchmarks/program_overhead.py`` does, from outside.
INTERRUPTION = 1.7


class Allowance:
    """Keeps the cost of measuring within a share of the program's time.

    ``share`` is of the time since the beginning. ``grace_ns`` may be spent in any case on one-off work,
    such as making probes. Calls may take a part of it more, and all of it until each kind of call has
    an answer: a short program is to have one too. ``claim`` is asked for the grace, which the processes
    of a run share. ``parts`` is what was spent, in ns.
    """

    def __init__(
        self,
        share: float,
        grace_ns: int,
        clock: Callable[[], int] = perf_counter_ns,
        begin_ns: int | None = None,
        claim: Callable[[float], float] = lambda needed_ns: needed_ns,
    ) -> None:
        self.parts: dict[str, int] = {}
        self._share = share
        self._grace_ns = grace_ns
        self._clock = clock
        self._claim = claim
        self._begin = clock() if begin_ns is None else begin_ns
        self._once = self._running = 0

    def allows(self, cost_ns: float, once_ns: float = 0, first: bool = False) -> bool:
        """Whether ``cost_ns`` more for calls, and ``once_ns`` before them, stay within what may be spent.

        The ``first`` calls under an instrument have the whole grace: without them there is no answer.
        """
        allowed = self._share * (self._clock() - self._begin)
        running, once = self._running + cost_ns, self._once + once_ns if once_ns else 0.0
        # What exceeds the share comes out of the grace.
        running = running if running > RUNNING * allowed else 0.0
        once = once if once > ONCE * allowed else 0.0
        if running > (self._grace_ns if first else RUNNING_GRACE * self._grace_ns) or once > self._grace_ns:
            return False
        return self._claim(running + once) >= running + once

    def note(self, part: str, cost_ns: int) -> None:
        """Counts a cost that cannot be avoided, such as the start: it leaves no less for other things."""
        self.parts[part] = self.parts.get(part, 0) + max(0, int(cost_ns))

    def interrupt(self, part: str, cost_ns: int) -> None:
        """Counts ``cost_ns`` of work in between the program's own, with what the program loses by it."""
        self.spend(part, INTERRUPTION * cost_ns)

    def spend(self, part: str, cost_ns: float, once: bool = False) -> None:
        """Counts ``cost_ns`` for ``part``; a call that was faster under an instrument costs nothing."""
        cost_ns = max(0, int(cost_ns))
        self.parts[part] = self.parts.get(part, 0) + cost_ns
        if once:
            self._once += cost_ns
        else:
            self._running += cost_ns

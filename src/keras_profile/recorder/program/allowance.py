"""What measuring has cost the program so far, and whether more may be spent."""
from __future__ import annotations

from time import perf_counter_ns


class Allowance:
    """Holds the cost of measuring to a share of the program's time.

    ``share`` is of the time since the beginning; ``grace_ns`` may be spent whatever that
    comes to, so that a short program has an answer too. ``parts`` is what was spent, in ns.
    """

    def __init__(self, share, grace_ns, clock=perf_counter_ns):
        self.parts = {}
        self._share = share
        self._grace_ns = grace_ns
        self._clock = clock
        self._begin = clock()
        self._spent = 0

    def allows(self, cost_ns):
        """Whether ``cost_ns`` more stay within what may be spent."""
        allowed = max(self._grace_ns, self._share * (self._clock() - self._begin))
        return self._spent + cost_ns <= allowed

    def spend(self, part, cost_ns):
        """Counts ``cost_ns`` for ``part``; a call that was faster under an instrument costs nothing."""
        cost_ns = max(0, int(cost_ns))
        self.parts[part] = self.parts.get(part, 0) + cost_ns
        self._spent += cost_ns

"""How many calls each capture gets, and in which order, within the available time.

The time is divided into rounds. Each capture has a share of it, a limit per block and a total
limit (:mod:`..protocol.captures`). In each round each capture gets a block of as many calls as
fit into its share of the round, by its median call and its cost of starting and stopping so
far. The order rotates by one from round to round. However long a call takes, each capture gets
a minimum number of rounds with at least one call. After that the session ends when the time is
over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..protocol import CAPTURE_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: The time is divided into this many rounds. With more of them, a slow drift of the machine affects
#: all captures more equally; but a block of ``bare`` should have several calls.
LEAST_PLANNED, MOST_PLANNED, BLOCK_CALLS = 6, 16, 6
#: A capture gets at least this many rounds of one call, however long a call takes, unless fewer were
#: requested.
LEAST_ROUNDS = 2
#: If there may not be time for all captures, the most informative come first.
MOST_TELLING = ("spans", "tensorflow", "bare", "pyinstrument", "cprofile")
#: With calls shorter than this, each block starts with a settling call that is not counted: after
#: probes are installed or removed, the interpreter specialises its bytecode again.
SETTLE_BELOW_NS = 500000000
#: A call is begun if this part of it fits into the time that is left.
_MOST_OF = 0.75
#: Calls longer than this are not repeated for purposes other than measuring.
LONG_CALL_NS = 1000000000


class Schedule:
    """Decides about the next block. Times are in ns; ``clock`` is a function that returns ns."""

    def __init__(
        self,
        names: Iterable[str],
        seconds: float,
        call_ns: int,
        clock: Callable[[], int],
        rounds: int | None = None,
        least_rounds: int = LEAST_ROUNDS,
        settle_below_ns: int = SETTLE_BELOW_NS,
    ) -> None:
        self.least_rounds = least_rounds
        self._names = list(names)
        self._clock = clock
        self._begin = clock()
        self._budget = int(seconds * 1e9)
        self._estimates = {name: call_ns for name in self._names}
        self._overheads = {name: 0 for name in self._names}
        self._taken = {name: 0 for name in self._names}
        total = sum(CAPTURE_OF[name].share for name in self._names) or 1.0
        self._shares = {name: CAPTURE_OF[name].share / total for name in self._names}
        fitting = int(self._budget * CAPTURE_OF["bare"].share / (BLOCK_CALLS * max(call_ns, 1)))
        self._rounds = rounds or min(max(fitting, LEAST_PLANNED), MOST_PLANNED)
        self.settling_calls = 1 if call_ns < settle_below_ns else 0

    def rounds(self) -> Iterator[tuple[int, list[str]]]:
        """Yields (round, its captures in rotated order) for as long as there is time."""
        number = 0
        while self._names:
            turn = number % len(self._names)
            order = [
                name
                for name in self._names[turn:] + self._names[:turn]
                if self._taken[name] < CAPTURE_OF[name].most_in_all
            ]
            if not order or (number >= self.least_rounds and self.is_over()):
                return
            yield number, order
            number += 1

    def calls(self, name: str) -> int:
        """Returns how many calls the capture's next block has, not counting settling calls."""
        spec = CAPTURE_OF[name]
        time = self._budget * self._shares[name] / self._rounds - self._overheads[name]
        fitting = int(time / max(self._estimates[name], 1)) - self.settling_calls
        return max(1, min(fitting, spec.most_in_round, spec.most_in_all - self._taken[name]))

    def block_done(self, name: str, calls: int, median_ns: int, block_ns: int) -> None:
        """Learns from a block: how long a call took, and how long starting and stopping took."""
        if calls and not any(self._taken.values()):
            # The first measured block predicts the others better than the initial guess.
            self._estimates = dict.fromkeys(self._estimates, median_ns)
        self._taken[name] += calls
        if calls:
            self._estimates[name] = median_ns
            self._overheads[name] = max(0, block_ns - (calls + self.settling_calls) * median_ns)

    def drop(self, name: str) -> None:
        """Gives no more blocks to a capture that failed."""
        self._names.remove(name)

    def extend(self, seconds: float) -> None:
        """Sets the total length."""
        self._budget = int(seconds * 1e9)

    def lengthen(self, seconds: float) -> None:
        """Adds time for work that was not part of a call. The shares of the calls do not change."""
        self._begin += int(seconds * 1e9)

    def has_time_for(self, name: str) -> bool:
        """Whether most of a call of the capture fits into the time left; the first call always does."""
        call_ns = _MOST_OF * self._estimates[name]
        return not any(self._taken.values()) or self._clock() - self._begin + call_ns <= self._budget

    def is_over(self) -> bool:
        return self._clock() - self._begin >= self._budget

    def left_ns(self) -> int:
        """Returns what is left of the budget, or of the minimum work if that is longer."""
        least = sum(
            max(0, self.least_rounds - self._taken[name]) * self._estimates[name] for name in self._names
        )
        return max(self._begin + self._budget - self._clock(), least, 0)

    def least_ns(self) -> int:
        """Returns how long the minimum number of calls takes, as far as is known now."""
        return sum(self.least_rounds * self._estimates[name] for name in self._names)

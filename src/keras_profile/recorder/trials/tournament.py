"""Who is measured next and how often, and who is clearly out."""

from __future__ import annotations

from statistics import median
from typing import Callable, Iterator, Sequence

#: The time is meant for this many rounds, and ends with this many: the interval over
#: rounds hardly narrows beyond.
PLANNED_ROUNDS, MOST_ROUNDS = 24, 80
#: However long a call takes, this many rounds are made: with fewer no interval is narrow.
LEAST_ROUNDS = 4
#: Most calls of a block; with a call that settles before them where calls are short.
MOST_CALLS, SETTLE_BELOW_NS = 40, 50000000
#: After this many rounds, who was slower than the original by so much in each one is out.
SLOW_ROUNDS, SLOW = 4, 0.8
#: After this many, who never came to this part of the leader's speed is out.
BEHIND_ROUNDS, BEHIND = 8, 0.6
#: In the last part of the time only these many are left: the budget goes to the contenders.
FINALISTS, FINAL = 5, 0.5


class Tournament:
    """Rounds of all contenders, the original among them as number 0.

    ``call_ns`` has what a call of each took at first, ``work`` how many of the original's
    calls it does the work of; ``clock`` is a function giving ns.
    ``rounds`` of each contender are lists of pairs: the round's number and its calls in ns.
    """

    def __init__(
        self, call_ns: Sequence[int], work: Sequence[int], seconds: float, clock: Callable[[], int]
    ) -> None:
        self._clock = clock
        self._begin = clock()
        self._budget = int(seconds * 1e9)
        self._call_ns: list[float] = list(call_ns)
        self._work = list(work)
        self.active = list(range(len(call_ns)))
        self.rounds: list[list[tuple[int, list[int]]]] = [[] for _ in call_ns]
        self.out: dict[int, str] = {}

    def orders(self) -> Iterator[tuple[int, list[int]]]:
        """Yields (round, the contenders in rotated order) while there is time."""
        for number in range(MOST_ROUNDS):
            if len(self.active) < 2 or (number >= LEAST_ROUNDS and self.left_ns() <= 0):
                return
            turn = number % len(self.active)
            yield number, self.active[turn:] + self.active[:turn]
            self._drop_who_is_out()

    def calls(self, contender: int) -> tuple[int, int]:
        """How many calls the contender's next block has, and how many settle before them."""
        call_ns = max(self._call_ns[contender], 1)
        slot = self._budget / (PLANNED_ROUNDS * len(self.active))
        settling = 1 if call_ns < SETTLE_BELOW_NS else 0
        return max(1, min(int(slot / call_ns) - settling, MOST_CALLS)), settling

    def block_done(self, contender: int, number: int, walls: list[int]) -> None:
        """Takes in the calls of one block, in ns."""
        self._call_ns[contender] = median(walls)
        self.rounds[contender].append((number, walls))

    def drop(self, contender: int, reason: str) -> None:
        """Takes a contender out; the original takes all with it."""
        self.active.remove(contender)
        self.out[contender] = reason

    def left_ns(self) -> int:
        """What is left of the time."""
        return self._begin + self._budget - self._clock()

    def _drop_who_is_out(self) -> None:
        speeds = {one: self._speeds(one) for one in self.active if one != 0}
        if not speeds:
            return
        leader = max(speeds, key=lambda one: median(speeds[one]))
        for one, mine in speeds.items():
            if len(mine) >= SLOW_ROUNDS and max(mine) < SLOW:
                self.drop(one, "slower than the original in each of {} rounds".format(len(mine)))
            elif len(mine) >= BEHIND_ROUNDS and max(mine) < BEHIND * min(speeds[leader]):
                self.drop(one, "behind the leader in each of {} rounds".format(len(mine)))
        ranked = sorted(
            (one for one in self.active if one != 0), key=lambda one: median(speeds[one]), reverse=True
        )
        if self.left_ns() < FINAL * self._budget:
            for one in ranked[FINALISTS:]:
                if len(speeds[one]) >= BEHIND_ROUNDS:
                    self.drop(one, "not among the {} fastest at half time".format(FINALISTS))

    def _speeds(self, contender: int) -> list[float]:
        """How many times as fast as the original, in each round that both have."""
        original = dict(self.rounds[0])
        return [
            self._work[contender] * median(original[number]) / max(median(walls), 1)
            for number, walls in self.rounds[contender]
            if number in original
        ] or [1.0]

"""Decides which change is measured next and how often, and which is clearly out."""

from __future__ import annotations

from math import log
from statistics import mean, median, stdev
from typing import Callable, Iterator, Sequence

#: The time is planned for the first number of rounds. The second is the maximum: with more
#: rounds the interval hardly narrows.
PLANNED_ROUNDS, MOST_ROUNDS = 24, 80
#: However long a call takes, this many rounds are made: with fewer, no interval is narrow.
LEAST_ROUNDS = 4
#: The most calls of a block. Calls shorter than the second value have a settling call before them.
MOST_CALLS, SETTLE_BELOW_NS = 40, 50000000
#: After this many rounds, a change with less than this speed-up in each of them is out.
SLOW_ROUNDS, SLOW = 4, 0.8
#: After this many, a change that never reached this part of the leader's speed is out.
BEHIND_ROUNDS, BEHIND = 8, 0.6
#: In the last part of the time only this many are left, so that the best get the budget.
FINALISTS, FINAL = 5, 0.5
#: A change that saves this part of what the leader saves, in this share of the rounds, is not worse.
NEARLY, AS_FAST = 0.97, 0.3
#: For few long calls: if the time is not enough for so many rounds of all, half of the changes are out
#: after so many rounds, and again after as many more, until this many are left.
WANTED_ROUNDS, HALVING_ROUNDS, LEAST_CHANGES = 8, 2, 3
#: The result is sure, and the tournament over, if after so many rounds every speed-up is known within
#: the first factor, or within the second factor and clearly differs from 1.
SURE_ROUNDS, SURE, SURE_OF_A_DIFFERENCE = 6, 1.05, 1.15
#: Student's t for 99%, two-sided, by degrees of freedom; for values in between, the next smaller one is used.
_T99 = {
    5: 4.03,
    6: 3.71,
    7: 3.50,
    8: 3.36,
    9: 3.25,
    10: 3.17,
    12: 3.05,
    15: 2.95,
    20: 2.85,
    30: 2.75,
    60: 2.66,
}


class Tournament:
    """Rounds of all contenders; the original is number 0.

    ``call_ns`` has how long a call of each took at first, ``work`` how many of the original's calls
    it replaces, ``simplicity`` its position in the order of simplicity: among changes that cannot be
    distinguished, the simpler ones stay. ``clock`` is a function that returns ns.
    ``rounds`` has a list for each contender, of pairs of the round's number and its calls in ns.
    """

    def __init__(
        self,
        call_ns: Sequence[int],
        work: Sequence[int],
        simplicity: Sequence[int],
        seconds: float,
        clock: Callable[[], int],
    ) -> None:
        self._clock = clock
        self._begin = clock()
        self._budget = int(seconds * 1e9)
        self._call_ns: list[float] = list(call_ns)
        self._work = list(work)
        self._simplicity = list(simplicity)
        self.active = list(range(len(call_ns)))
        self.rounds: list[list[tuple[int, list[int]]]] = [[] for _ in call_ns]
        self.out: dict[int, str] = {}

    def orders(self) -> Iterator[tuple[int, list[int]]]:
        """Yields (round, the contenders in rotated order) while there is time and something to learn."""
        self._choose()
        for number in range(MOST_ROUNDS):
            if len(self.active) < 2 or (number >= LEAST_ROUNDS and self.left_ns() <= 0):
                return
            turn = number % len(self.active)
            yield number, self.active[turn:] + self.active[:turn]
            speeds = {one: self._speeds(one) for one in self.active if one != 0}
            self._drop_who_is_out(speeds)
            self._halve(number + 1, speeds)
            if all(_is_sure(speeds[one]) for one in self.active if one != 0):
                return

    def calls(self, contender: int) -> tuple[int, int]:
        """Returns how many calls the contender's next block has, and how many settle before them."""
        call_ns = max(self._call_ns[contender], 1)
        slot = self._budget / (PLANNED_ROUNDS * len(self.active))
        settling = 1 if call_ns < SETTLE_BELOW_NS else 0
        return max(1, min(int(slot / call_ns) - settling, MOST_CALLS)), settling

    def block_done(self, contender: int, number: int, walls: list[int]) -> None:
        """Adds the calls of one block, in ns."""
        self._call_ns[contender] = median(walls)
        self.rounds[contender].append((number, walls))

    def drop(self, contender: int, reason: str) -> None:
        """Takes a contender out. If it is the original, all others are out, too."""
        self.active.remove(contender)
        self.out[contender] = reason

    def left_ns(self) -> int:
        """Returns what is left of the time."""
        return self._begin + self._budget - self._clock()

    def _drop_who_is_out(self, speeds: dict[int, list[float]]) -> None:
        if not speeds:
            return
        leader = max(speeds, key=lambda one: median(speeds[one]))
        for one, mine in speeds.items():
            if one not in self.active:
                continue
            if len(mine) >= SLOW_ROUNDS and max(mine) < SLOW:
                self.drop(one, "slower than the original in each of {} rounds".format(len(mine)))
            elif len(mine) >= BEHIND_ROUNDS and max(mine) < BEHIND * min(speeds[leader]):
                self.drop(one, "behind the leader in each of {} rounds".format(len(mine)))
        if self.left_ns() < FINAL * self._budget:
            for one in self._ranked(speeds)[FINALISTS:]:
                if len(speeds[one]) >= BEHIND_ROUNDS:
                    self.drop(one, "not among the {} best at half time".format(FINALISTS))

    def _choose(self) -> None:
        """Drops the worse half, by their first calls, until there is time for the minimum of rounds."""
        speeds = {
            one: [self._work[one] * self._call_ns[0] / max(self._call_ns[one], 1)]
            for one in self.active
            if one != 0
        }
        while self._is_too_long(LEAST_ROUNDS) and len(self.active) > LEAST_CHANGES + 1:
            self._drop_half(self._ranked(speeds), "by its first calls")

    def _halve(self, rounds: int, speeds: dict[int, list[float]]) -> None:
        """Drops the worse half if the time is not enough to measure all of them well."""
        if rounds % HALVING_ROUNDS == 0 and self._is_too_long(WANTED_ROUNDS - rounds):
            self._drop_half(self._ranked(speeds), "after {} rounds of long calls".format(rounds))

    def _is_too_long(self, rounds: int) -> bool:
        """Whether so many rounds of all remaining contenders take more than the time that is left."""
        return rounds > 0 and rounds * sum(self._call_ns[one] for one in self.active) > self.left_ns()

    def _drop_half(self, ranked: list[int], why: str) -> None:
        for one in ranked[max(LEAST_CHANGES, (len(ranked) + 1) // 2) :]:
            self.drop(one, "not in the better half " + why)

    def _ranked(self, speeds: dict[int, list[float]]) -> list[int]:
        """Returns the changes that are left, the best first.

        The leader comes first, then those that saved nearly as much in some of the rounds, the simplest
        first; the others are ordered by speed.
        """
        left = [one for one in self.active if one in speeds]
        if not left:
            return []
        leader = max(left, key=lambda one: median(speeds[one]))

        def place(one: int) -> tuple[bool, bool, int, float]:
            pairs = list(zip(speeds[one], speeds[leader]))
            as_fast = sum(_saved(mine) >= NEARLY * _saved(best) for mine, best in pairs)
            near = as_fast >= AS_FAST * len(pairs)
            return (one != leader, not near, self._simplicity[one] if near else 0, -median(speeds[one]))

        return sorted(left, key=place)

    def _speeds(self, contender: int) -> list[float]:
        """Returns how many times as fast as the original it is, in each round that both have."""
        original = dict(self.rounds[0])
        return [
            self._work[contender] * median(original[number]) / max(median(walls), 1)
            for number, walls in self.rounds[contender]
            if number in original
        ] or [1.0]


def _saved(speed: float) -> float:
    """Returns the part of the original's time that is saved; negative if it is slower."""
    return 1 - 1 / speed


def _is_sure(speeds: Sequence[float]) -> bool:
    """Whether the speed-up is known well, by Student's t on the rounds.

    >>> _is_sure([2.0, 2.01, 1.99, 2.0, 2.0, 2.01, 2.0]), _is_sure([2.0, 3.0] * 4), _is_sure([2.0] * 3)
    (True, False, False)
    """
    if len(speeds) < SURE_ROUNDS:
        return False
    logs = [log(one) for one in speeds]
    t: float = _T99[max(freedom for freedom in _T99 if freedom < len(logs))]
    half: float = t * stdev(logs) / len(logs) ** 0.5
    differs = abs(mean(logs)) > half
    return half <= log(SURE_OF_A_DIFFERENCE if differs else SURE)

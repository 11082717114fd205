"""The rule for a call's own time, outside the parts that it calls.

Before the first main part, a call's own time belongs to that part's phase: it leads there. After the last
one it is teardown, since only destroying the call's objects is left to do. Between two it is unattributed.
Teardown and garbage collection may come anywhere and are not main parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...model.arrays import Ints
from .vocabulary import NUMBER, UNATTRIBUTED

#: Positions of own time among the main parts; without a main part it counts as between.
BEFORE, BETWEEN, AFTER = range(3)

_ASIDE = np.array([NUMBER["teardown"], NUMBER["garbage_collection"]])


def own_phase(position: int, first_phase: str) -> str:
    """The phase of own time at a position; ``first_phase`` is that of the first main part.

    >>> [own_phase(position, "entry") for position in (BEFORE, BETWEEN, AFTER)]
    ['entry', 'unattributed', 'teardown']
    """
    return (first_phase, UNATTRIBUTED, "teardown")[position]


@dataclass(frozen=True)
class Parts:
    """The parts of some calls: the call's row, begin, end, and the phase's number.

    They are sorted, lie within their calls, and do not overlap.
    """

    call: Ints
    begin: Ints
    end: Ints
    phase: Ints


@dataclass(frozen=True)
class MainParts:
    """The main parts of each call: when the first begins, and its phase; when the last ends.

    If ``exists`` is false, the call has none, and the phase is unattributed.
    """

    exists: npt.NDArray[np.bool_]
    first_begin: Ints
    first_phase: Ints
    last_end: Ints

    def positions(self, call: Ints, begin: Ints, end: Ints) -> Ints:
        """The positions of stretches of own time, by the call's row, begin and end."""
        before = self.exists[call] & (end <= self.first_begin[call])
        after = self.exists[call] & (begin >= self.last_end[call])
        return np.where(before, BEFORE, np.where(after, AFTER, BETWEEN)).astype(np.int64)


def main_parts(calls: int, parts: Parts) -> MainParts:
    """The main parts of calls that are numbered from 0 to ``calls`` - 1."""
    is_main = ~np.isin(parts.phase, _ASIDE)
    bounds = np.searchsorted(parts.call[is_main], np.arange(calls + 1))
    exists = bounds[:-1] < bounds[1:]
    first, last = bounds[:-1][exists], bounds[1:][exists] - 1
    found = MainParts(
        exists, np.zeros(calls, np.int64), np.full(calls, NUMBER[UNATTRIBUTED]), np.zeros(calls, np.int64)
    )
    found.first_begin[exists] = parts.begin[is_main][first]
    found.first_phase[exists] = parts.phase[is_main][first]
    found.last_end[exists] = parts.end[is_main][last]
    return found


@dataclass(frozen=True)
class OwnTime:
    """The stretches of some calls' own time, in order: before, between and after all parts.

    ``call`` is the call's row, ``position`` one of the three, ``phase`` a number by the rule.
    Stretches may be empty. ``first_phase`` has a row a call.
    """

    call: Ints
    begin: Ints
    end: Ints
    position: Ints
    phase: Ints
    first_phase: Ints

    def sums(self, position: int) -> Ints:
        """The time at a position, a row a call."""
        found = np.zeros(len(self.first_phase), dtype=np.int64)
        here = self.position == position
        np.add.at(found, self.call[here], (self.end - self.begin)[here])
        return found


def own_time(begin: Ints, end: Ints, parts: Parts) -> OwnTime:
    """The own time of calls that last from ``begin`` to ``end``, by the rule.

    >>> of_call, begins, ends = np.array([0, 0]), np.array([10, 50]), np.array([30, 80])
    >>> phases = np.array([NUMBER["dispatch"], NUMBER["execution"]])
    >>> found = own_time(np.array([0]), np.array([100]), Parts(of_call, begins, ends, phases))
    >>> found.begin.tolist(), found.end.tolist(), found.position.tolist()
    ([0, 30, 80], [10, 50, 100], [0, 1, 2])
    """
    main = main_parts(len(begin), parts)
    bounds = np.searchsorted(parts.call, np.arange(len(begin) + 1))
    call = np.insert(parts.call, bounds[1:], np.arange(len(begin)))
    begins = np.insert(parts.end, bounds[:-1], begin)
    ends = np.insert(parts.begin, bounds[1:], end)
    position = main.positions(call, begins, ends)
    later = [np.full(len(call), NUMBER[own_phase(one, "")]) for one in (BETWEEN, AFTER)]
    phase = np.choose(position, [main.first_phase[call], *later])
    return OwnTime(call, begins, ends, position, phase, main.first_phase)

"""Reads ``calls.bin``: a row for each call that ended.

Nothing marks the beginning of a row. If bytes were lost or inserted between rows, the next row
begins wherever there is one that this process can have written.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...model.arrays import Flags, Ints
from ...model.program import Rows
from ...number_words import plural
from ...recorder.protocol import CALL_FIELDS, CAPTURES, COLD, RAISED, SETTLING
from ..regular_files import is_there, read_beginning

#: No clock has later times.
MOST_NS = 1 << 62
#: What runs after the end of the program's own code is still recorded for so long, and a call may have begun
#: before its process was forked. Threads write their rows roughly in the order of the calls' ends.
_LEEWAY_NS = 60_000_000_000
_MOST_WALL_NS = 1 << 53
#: Calls beyond this size are not shown: it holds four million.
_MOST_FILE_BYTES = 1 << 28
_ROW = np.dtype(list(CALL_FIELDS))
#: The offset in a row of when the call began.
_BEGIN_AT = next(offset for name, (_, offset, *_) in (_ROW.fields or {}).items() if name == "begin_ns")
#: How many places are examined together in the search for rows.
_AT_ONCE = 1 << 18


@dataclass(frozen=True)
class LifeTime:
    """When a process began, and when its own code ended, by its clock; None if not known."""

    began_ns: int | None
    ended_ns: int | None

    @property
    def least_ns(self) -> int:
        return 1 if self.began_ns is None else max(self.began_ns - _LEEWAY_NS, self.began_ns // 2)

    @property
    def most_ns(self) -> int:
        return MOST_NS if self.ended_ns is None else min(self.ended_ns + _LEEWAY_NS, MOST_NS)

    def has(self, begin_ns: int, wall_ns: int) -> bool:
        """Whether something with this beginning and duration can have been in this process."""
        return self.least_ns <= begin_ns and begin_ns + wall_ns <= self.most_ns


def read_calls(path: Path, lived: LifeTime, groups: Collection[int]) -> tuple[Rows, list[str]]:
    """Reads the rows of ``calls.bin``, and its damage in words; no rows if there is no such file.

    A truncated last row is dropped. Raises :class:`RecordingError`.
    """
    if not is_there(path):
        return np.zeros(0, dtype=_ROW), []
    data, is_longer = read_beginning(path, _MOST_FILE_BYTES)
    rows = np.frombuffer(data, dtype=_ROW, count=len(data) // _ROW.itemsize)
    damage = [f"calls beyond the first {_MOST_FILE_BYTES >> 20} MB of {path.name}"] if is_longer else []
    if not _possible(rows, lived).all():
        rows = _found(data, lived)
        lost = len(data) - len(rows) * _ROW.itemsize
        damage.append(f"{plural(lost, 'byte')} of {path.name} that cannot be calls")
    in_order = _in_order(rows)
    if not in_order.all():
        damage.append(f"{plural(int((~in_order).sum()), 'call')} of {path.name} with times out of order")
        rows = rows[in_order]
    known = np.isin(rows["group"], np.array(sorted(groups), dtype=np.int64))
    known |= rows["flags"] & RAISED != 0  # a group whose calls all raised is not described
    if not known.all():
        damage.append(f"the target of {plural(int((~known).sum()), 'call')} of {path.name}")
    return rows, damage


def _possible(rows: Rows, lived: LifeTime) -> Flags:
    """Returns which rows a process with this lifetime can have written."""
    begin, wall, cpu = rows["begin_ns"], rows["wall_ns"], rows["cpu_ns"]
    found: Flags = (
        (rows["group"] >= 0)
        & (rows["capture"] >= 0)
        & (rows["capture"] < len(CAPTURES))
        & (rows["flags"] & ~(COLD | RAISED | SETTLING) == 0)
        & (rows["thread"] >= 0)
        & (rows["others"] >= 0)
        & (rows["model"] >= -1)
        & (rows["block"] >= -1)
        & (begin >= lived.least_ns)
        & (begin <= lived.most_ns)
        & (wall > 0)  # no call takes no time
        & (wall <= np.minimum(_MOST_WALL_NS, lived.most_ns - np.clip(begin, 0, lived.most_ns)))
        & (cpu >= 0)
        & (cpu <= _MOST_WALL_NS)
        & (rows["thread_cpu_ns"] >= -1)
        & (rows["thread_cpu_ns"] <= _MOST_WALL_NS)
        & (rows["rss_bytes"] >= -1)
        & (rows["rss_bytes"] <= 1 << 53)
    )
    return found


def _found(data: bytes, lived: LifeTime) -> Rows:
    """Returns the rows that begin anywhere in ``data``; of overlapping ones, those that most rows follow."""
    places = _places(data, lived).tolist()
    run: dict[int, int] = {}
    for place in reversed(places):
        run[place] = 1 + run.get(place + _ROW.itemsize, 0)
    chosen: list[int] = []
    at, after = 0, 0
    while (at := bisect_left(places, after, at)) < len(places):
        first = places[at]
        best = max(
            places[at : bisect_left(places, first + _ROW.itemsize, at)], key=lambda one: (run[one], -one)
        )
        chosen += range(best, best + run[best] * _ROW.itemsize, _ROW.itemsize)
        after = chosen[-1] + _ROW.itemsize
    raw = np.frombuffer(data, dtype=np.uint8)
    if not chosen:
        return np.zeros(0, dtype=_ROW)
    kept = raw[np.array(chosen, dtype=np.int64)[:, None] + np.arange(_ROW.itemsize)]
    return np.frombuffer(kept.tobytes(), dtype=_ROW)


def _places(data: bytes, lived: LifeTime) -> Ints:
    """Returns every place at which a row can begin."""
    count = len(data) - _ROW.itemsize + 1
    found = [np.zeros(0, dtype=np.int64)]
    for first in range(0, max(count, 0), _AT_ONCE):
        size = min(_AT_ONCE, count - first)
        # Hardly any place holds a time within this process's lifetime.
        begins: Ints = np.ndarray((size,), dtype="<i8", buffer=data, offset=first + _BEGIN_AT, strides=(1,))
        places = np.flatnonzero((begins >= lived.least_ns) & (begins <= lived.most_ns))
        some: Rows = np.ndarray((size,), dtype=_ROW, buffer=data, offset=first, strides=(1,))
        found.append(places[_possible(some[places], lived)] + first)
    return np.concatenate(found)


def _in_order(rows: Rows) -> Flags:
    """Returns which rows are in the right order: the largest set whose ends rise, except for the leeway."""
    ends = rows["begin_ns"] + rows["wall_ns"]
    kept: npt.NDArray[np.bool_] = np.ones(len(rows), dtype=bool)
    if len(np.unique(rows["begin_ns"])) < len(rows):  # no two calls have all figures in common
        kept[:] = False
        kept[np.unique(rows, return_index=True)[1]] = True
    if not len(rows) or (np.maximum.accumulate(ends) - ends <= _LEEWAY_NS).all():
        return kept
    # The longest sequence of rows whose ends do not decrease by more than the leeway.
    steps = (ends // _LEEWAY_NS).tolist()
    lowest: list[int] = []  # the lowest step at which a sequence of each length can end
    at: list[int] = []  # its row
    before = [-1] * len(steps)
    for row, step in enumerate(steps):
        length = bisect_right(lowest, step)
        before[row] = at[length - 1] if length else -1
        if length == len(lowest):
            lowest.append(step)
            at.append(row)
        else:
            lowest[length], at[length] = step, row
    in_run = np.zeros(len(rows), dtype=bool)
    row = at[-1]
    while row >= 0:
        in_run[row] = True
        row = before[row]
    return kept & in_run

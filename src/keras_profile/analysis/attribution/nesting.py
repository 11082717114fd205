"""Nesting and self time of a thread's events, in one sweep.

The sweep goes over a line in pieces, in numpy. The depth of an event is the number of events that began
before it less those that ended by then; its parent is the last event before it that is one level higher.
This holds if events nest, which is checked. If they do not, the piece is swept event by event, and an event
that outlasts its parent is cut there.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ...model.arrays import Ints
from ...model.trace import TraceLine

#: Events that are swept together: their columns stay in the processor's cache.
PIECE = 1 << 17


@dataclass(frozen=True)
class NestedPiece:
    """Some consecutive events of a line, after those that are still open there.

    The first ``len(kept)`` events are the open ones; ``kept`` has their numbers in the previous piece.
    ``parent`` is an event's own number if nothing encloses it. ``self_ps`` of an event that was open
    before is the time that this piece subtracts from it.
    """

    kept: Ints
    name: Ints
    begin: Ints
    end: Ints
    parent: Ints
    self_ps: Ints

    @property
    def new(self) -> slice:
        """The events that were not in earlier pieces."""
        return slice(len(self.kept), len(self.begin))


def nested(line: TraceLine, piece: int = PIECE) -> Iterator[NestedPiece]:
    """The events of ``line``, piece by piece; the next is made while one is looked at."""
    pieces = _nested(line, piece)
    if len(line.begin) <= piece:
        yield from pieces
        return
    with ThreadPoolExecutor(1) as pool:  # numpy lets both threads run
        following = pool.submit(next, pieces, None)
        while (made := following.result()) is not None:
            following = pool.submit(next, pieces, None)
            yield made


def _nested(line: TraceLine, piece: int) -> Iterator[NestedPiece]:
    kept = name = begin = end = np.zeros(0, dtype=np.int64)
    first = 0
    while first < len(line.begin):
        part = slice(first, first + max(piece, len(kept)))
        name = np.append(name[kept], line.name[part])
        begin = np.append(begin[kept], line.begin[part])
        end = np.append(end[kept], line.end[part])
        parent = _parents(begin, end)
        if parent is None:
            parent, end = _swept(begin, end)
        yield NestedPiece(kept, name, begin, end, parent, own_part(end - begin, parent, len(kept)))
        first = part.stop
        if first < len(line.begin):
            kept = np.flatnonzero(end > line.begin[first])


def own_part(amounts: Ints, parent: Ints, kept: int) -> Ints:
    """What each event of a piece has of its amount for itself: less those of the events right below it.

    Of the first ``kept`` events, which were open before, it is only what this piece takes from them.
    """
    found = amounts.copy()
    found[:kept] = 0
    inner = np.flatnonzero(parent != np.arange(len(parent)))
    inner = inner[inner >= kept]
    np.subtract.at(found, parent[inner], amounts[inner])
    return found


def _parents(begin: Ints, end: Ints) -> Ints | None:
    """The parent of each event, its own number if there is none; None if they do not nest."""
    count = len(begin)
    number = np.arange(count)
    ended = _upto(np.sort(end), begin)
    empty = begin == end
    if empty.any():
        # Events without length end where they begin: those at or behind an event do not count.
        before = np.append(0, np.cumsum(empty))
        last = np.flatnonzero(np.append(begin[1:] != begin[:-1], True)) + 1  # of each begin
        ended -= np.repeat(before[last], np.diff(np.append(0, last))) - before[:-1]
    depth = number - ended
    deepest = int(depth.max(initial=0))
    if int(depth.min(initial=0)) < 0:
        return None
    order = np.argsort(depth.astype(np.int16 if deepest < 1 << 15 else np.int64), kind="stable")
    place = depth[order] * count + order
    above = _upto(place, place - count) - 1
    inner = depth[order] > 0
    parent = np.empty(count, dtype=np.int64)
    parent[order] = np.where(inner, order[np.maximum(above, 0)], order)
    is_child = parent != number
    nests = (end <= end[parent]) & (begin < end[parent])
    if not (nests | ~is_child).all() or int(is_child.sum()) != int(inner.sum()):
        return None
    return parent


def _upto(values: Ints, limits: Ints) -> Ints:
    """How many of the ``values`` are at most each limit; both are sorted.

    The sort finds two sorted runs and merges them, which is faster than a binary search for each.
    """
    order = np.argsort(np.concatenate([values, limits]), kind="stable")
    return np.flatnonzero(order >= len(values)) - np.arange(len(limits))


def _swept(begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Parents of events that need not nest, and their ends, cut where their parents end."""
    parents, ends = list(range(len(begin))), end.tolist()
    stack: list[int] = []
    for number, start in enumerate(begin.tolist()):
        while stack and ends[stack[-1]] <= start:
            stack.pop()
        if stack:
            parents[number] = stack[-1]
            ends[number] = min(ends[number], ends[stack[-1]])
        stack.append(number)
    return np.array(parents, dtype=np.int64), np.array(ends, dtype=np.int64)

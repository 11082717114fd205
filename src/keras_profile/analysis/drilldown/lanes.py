"""Lanes: boxes opened and closed in order, and the own time of the call that they are of."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ...model.drilldown import Lane, Stretches
from ..attribution.own_time import Parts, own_time


def edges(lane: Lane) -> Iterator[tuple[int, int, bool]]:
    """When each box of ``lane`` is opened and closed, by its row, in order.

    They balance and their times never decrease. A child that begins before the box to its left ends, or
    outlasts its parent, is cut; clock reads can cause both.
    """
    open_boxes: list[tuple[int, int]] = []
    now = 0
    columns = zip(lane.depth.tolist(), lane.begin_ns.tolist(), lane.duration_ns.tolist())
    for row, (depth, begin, duration) in enumerate(columns):
        while len(open_boxes) > depth:
            now, closed = open_boxes.pop()
            yield now, closed, False
        now, end = max(now, begin), max(now, begin + duration)
        if open_boxes:
            now, end = min(now, open_boxes[-1][0]), min(end, open_boxes[-1][0])
        yield now, row, True
        open_boxes.append((end, row))
    while open_boxes:
        now, closed = open_boxes.pop()
        yield now, closed, False


def own_stretches(lane: Lane) -> Stretches:
    """The call's own time in its calling thread's lane."""
    top = rows_of(lane, lane.depth <= 1)
    begin, end = np.zeros(len(top.depth), dtype=np.int64), np.zeros(len(top.depth), dtype=np.int64)
    for at, row, opens in edges(top):
        (begin if opens else end)[row] = at
    parts = Parts(np.zeros(len(begin) - 1, dtype=np.int64), begin[1:], end[1:], top.phase[1:])
    own = own_time(begin[:1], end[:1], parts)
    lasts = own.end > own.begin
    return Stretches(own.begin[lasts], own.end[lasts], own.phase[lasts])


def rows_of(lane: Lane, kept: npt.NDArray[np.bool_]) -> Lane:
    """Some boxes of a lane."""
    return Lane(
        lane.thread,
        lane.depth[kept],
        lane.begin_ns[kept],
        lane.duration_ns[kept],
        lane.frame[kept],
        lane.phase[kept],
    )

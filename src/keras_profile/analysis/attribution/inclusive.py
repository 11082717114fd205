"""The inclusive view: each internal's total time, by its real name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ...model.recording import RecordedInternal
from ...model.report import InternalShare
from ...model.timeline import Timeline
from .partition import Partition

Floats = npt.NDArray[np.float64]

#: An internal below this share of the call's time is not listed.
LEAST_SHARE = 0.0005


def internal_shares(
    timeline: Timeline,
    parts: Partition,
    internals: Sequence[RecordedInternal],
    row_phases: Sequence[str],
    factors: Floats,
    total_ns: int,
) -> list[InternalShare]:
    """The internals of the timeline's calls, the most expensive first.

    Shares are of the call's time ``total_ns``; ``factors`` scale the time of each phase over all calls to
    it. A recursive function's total is that of its outermost frames.
    """
    self_ns = parts.span_self_ns * factors[parts.phase] / max(timeline.calls, 1)
    inclusive_ns = with_children(timeline, self_ns)
    named = timeline.internal >= 0
    rows = len(internals)
    row = np.where(named, timeline.internal, 0)
    outermost = named & ~is_recursive(timeline)
    total = np.bincount(row[outermost], inclusive_ns[outermost], minlength=rows)
    own = np.bincount(row[named], self_ns[named], minlength=rows)
    started = named & ~timeline.resumed
    counts = np.bincount(row[started], minlength=rows)
    parents = _commonest_parents(timeline)
    shares = [
        InternalShare(
            module=internals[number].module,
            qualname=internals[number].qualname,
            phase=row_phases[number],
            total_ns=round(total[number]),
            self_ns=round(own[number]),
            total_share=round(float(total[number] / max(total_ns, 1)), 6),
            count_per_call=round(float(counts[number] / len(parts.total_ns)), 3),
            parent=internals[parents[number]].qualname if number in parents else None,
        )
        for number in np.flatnonzero(total > LEAST_SHARE * total_ns).tolist()
    ]
    return sorted(shares, key=lambda share: (-share.total_ns, share.module, share.qualname))


def with_children(timeline: Timeline, self_ns: Floats) -> Floats:
    """The time of each span including all below it, by their own times."""
    found = self_ns.copy()
    for level in range(int(timeline.depth.max(initial=0)), 0, -1):
        here = np.flatnonzero(timeline.depth == level)
        np.add.at(found, timeline.parent[here], found[here])
    return found


def is_recursive(timeline: Timeline) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each span lies, at any depth, within one of the same internal."""
    found = np.zeros(len(timeline.internal), dtype=bool)
    above = timeline.parent
    while (above >= 0).any():
        found |= (above >= 0) & (timeline.internal[above] == timeline.internal)
        above = np.where(above >= 0, timeline.parent[above], -1)
    return found


def _commonest_parents(timeline: Timeline) -> dict[int, int]:
    """The internal that most of each internal's spans were called from."""
    child = np.flatnonzero((timeline.internal >= 0) & (timeline.parent >= 0))
    pairs = np.stack([timeline.internal[child], timeline.internal[timeline.parent[child]]], axis=1)
    pairs = pairs[(pairs[:, 0] != pairs[:, 1])]
    if not len(pairs):
        return {}
    unique, counts = np.unique(pairs, axis=0, return_counts=True)
    commonest: dict[int, int] = {}
    for number in np.argsort(counts, kind="stable").tolist():
        inner, outer = (int(value) for value in unique[number])
        commonest[inner] = outer
    return {inner: outer for inner, outer in commonest.items() if outer >= 0}

"""Lists which internals ran in calls, how often, and with which share: nothing is left out.

A report's view by internal leaves out what is too short to matter. Whether something
occurs at all is a different question, which this module answers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...analysis.attribution.inclusive import is_recursive
from ...analysis.intervals import share_intervals
from ...model.recording import RecordedInternal
from ...model.timeline import ROOT, Timeline
from .compile_question.reproduction import InternalFact, InternalName


def occurrences(timeline: Timeline, internals: Sequence[RecordedInternal]) -> list[InternalFact]:
    """Returns the internals that ran in the timeline's calls, most expensive first.

    A recursive function has the share of its outermost frames.
    """
    duration = timeline.end - timeline.begin
    root = timeline.internal == ROOT
    calls = timeline.calls
    wall = np.bincount(timeline.call[root], duration[root], minlength=calls).astype(np.int64)
    outermost = ~is_recursive(timeline)
    found = []
    for row in _rows(timeline):
        mine = timeline.internal == row
        spans = mine & outermost
        own = np.bincount(timeline.call[spans], duration[spans], minlength=calls).astype(np.int64)
        low, high = (float(bound) for bound in share_intervals(np.stack([own, wall - own], axis=1))[0])
        found.append(
            InternalFact(
                internals[row].module,
                internals[row].qualname,
                round(float(own.sum() / wall.sum()), 6),
                (round(low, 6), round(high, 6)),
                round(float((mine & ~timeline.resumed).sum() / calls), 3),
            )
        )
    return sorted(found, key=lambda fact: (-fact.share, fact.module, fact.qualname))


def names(timeline: Timeline, internals: Sequence[RecordedInternal]) -> list[InternalName]:
    """Returns the internals that ran in the timeline's calls, in the order in which they first ran."""
    return [InternalName(internals[row].module, internals[row].qualname) for row in _rows(timeline)]


def _rows(timeline: Timeline) -> list[int]:
    rows, first = np.unique(timeline.internal, return_index=True)
    order = np.argsort(first)
    return [int(row) for row in rows[order] if row >= 0]

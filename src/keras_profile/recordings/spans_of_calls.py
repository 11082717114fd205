"""Matches the spans of a recording with its table of calls."""

from __future__ import annotations

import numpy as np

from ..model.arrays import Flags
from ..model.recording import RecordingFile
from ..model.timeline import COLLECTION, Timeline
from ..number_words import plural

#: The maximum depth of nested spans: what is deeper is part of the last of these.
MOST_DEPTH = 500


def cold_and_warm(timeline: Timeline, content: RecordingFile) -> tuple[Timeline, Timeline, list[str]]:
    """Returns the cold and the warm calls under spans, and their damage in words.

    A call belongs to the row of the table whose time includes it. Calls without a row are left out, and
    so are calls with internals that the recording does not list.
    """
    calls = content.calls
    rows = [row for row, name in enumerate(calls.capture) if name == "spans"]
    rows.sort(key=lambda row: calls.begin_ns[row])
    begins = np.array([calls.begin_ns[row] for row in rows], dtype=np.int64)
    ends = begins + np.array([calls.wall_ns[row] for row in rows], dtype=np.int64)
    cold = np.array([calls.cold[row] for row in rows], dtype=bool)
    roots = timeline.depth == 0
    begin, end = timeline.begin[roots], timeline.end[roots]
    place = np.searchsorted(begins, begin, side="right") - 1
    fits: Flags = place >= 0
    fits &= end <= ends[place] if len(rows) else False
    first = np.unique(place, return_index=True)[1]
    alone = np.zeros(len(place), dtype=bool)
    alone[first] = True
    known = (timeline.internal >= COLLECTION) & (timeline.internal < len(content.internals))
    strange = np.bincount(timeline.call[~known], minlength=timeline.calls) > 0
    chosen = fits & alone & ~strange
    is_cold = np.zeros(len(place), dtype=bool)
    is_cold[fits] = cold[place[fits]]
    damage = []
    # Ctrl-C may come between a call's end and its row in the table.
    left_out = int((~chosen).sum()) + timeline.damaged
    if left_out > 1 or strange.any() or timeline.damaged:
        damage.append(f"{plural(left_out, 'call')} under spans with impossible times")
    shallow = _cut(timeline)
    if len(shallow.call) < len(timeline.call):
        damage.append(f"spans that are more than {MOST_DEPTH} deep")
    return shallow.select(chosen & is_cold), shallow.select(chosen & ~is_cold), damage


def _cut(timeline: Timeline) -> Timeline:
    """Returns the spans down to the greatest depth that is shown."""
    kept = timeline.depth <= MOST_DEPTH
    return timeline if kept.all() else timeline.spans(kept)

"""The partition: each nanosecond of a call belongs to exactly one phase.

Its rules, all of them:

1. A span's self time (its time less its children's) belongs to its phase.
2. A span's phase is its row's in the internals table. A transparent row or a helper has
   its parent's.
3. Below a sticky phase all is that phase; garbage collection is taken out of whatever
   it interrupts.
4. The call itself, the root, has no phase: its own time is divided by the rule of
   :mod:`.own_time`.

Sums are integers and are checked after every partition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...model.arrays import Ints
from ...model.timeline import COLLECTION, ROOT, Timeline
from .own_time import AFTER, BEFORE, Parts, own_time
from .vocabulary import HOLDS_THE_WAIT, NO_PHASE, NUMBER, PHASES, STICKY, UNATTRIBUTED, UNDIVIDED

_GC, _NONE = NUMBER["garbage_collection"], NUMBER[UNATTRIBUTED]
_UNDIVIDED, _HOLDS_THE_WAIT = NUMBER[UNDIVIDED], [NUMBER[phase] for phase in HOLDS_THE_WAIT]
_STICKY = np.array([NUMBER[phase] for phase in STICKY])


@dataclass(frozen=True)
class Partition:
    """The partition of each call of a timeline.

    ``self_ns`` has a row a call and a column a phase and sums to ``total_ns`` along the
    rows; ``entries`` counts in the same shape how often a call entered the phase;
    ``before_ns`` and ``after_ns`` are each call's own time before its first child and
    after its last, ``first_phase`` is what the former was counted as; ``phase`` is the
    phase of each span, by number, and ``span_self_ns`` its self time.
    """

    total_ns: Ints
    self_ns: Ints
    entries: Ints
    before_ns: Ints
    after_ns: Ints
    first_phase: Ints
    phase: Ints
    span_self_ns: Ints


def partition(timeline: Timeline, row_phases: Sequence[str]) -> Partition:
    """Partitions every call; ``row_phases`` gives the phase of each recorded internal.

    Raises ``AssertionError`` if the sums are wrong, which no input may cause.
    """
    phase = _effective_phases(timeline, _own_phases(timeline, row_phases))
    duration = timeline.end - timeline.begin
    inner = timeline.parent >= 0
    children = np.zeros(len(duration), dtype=np.int64)
    np.add.at(children, timeline.parent[inner], duration[inner])
    span_self = duration - children
    calls = timeline.calls
    self_ns = np.zeros((calls, len(PHASES)), dtype=np.int64)
    np.add.at(self_ns, (timeline.call[inner], phase[inner]), span_self[inner])
    roots, tops = timeline.internal == ROOT, timeline.depth == 1
    own = own_time(
        timeline.begin[roots],
        timeline.end[roots],
        Parts(timeline.call[tops], timeline.begin[tops], timeline.end[tops], phase[tops]),
    )
    # The time after the last part may contain the wait as well.
    divided = UNDIVIDED not in row_phases or any(phase in HOLDS_THE_WAIT for phase in row_phases)
    waiting = np.isin(own.phase, _HOLDS_THE_WAIT) & (not divided)
    np.add.at(self_ns, (own.call, np.where(waiting, _UNDIVIDED, own.phase)), own.end - own.begin)
    entries = np.zeros((calls, len(PHASES)), dtype=np.int64)
    entered = inner & ~timeline.resumed
    entered[inner] &= phase[inner] != phase[timeline.parent[inner]]
    np.add.at(entries, (timeline.call[entered], phase[entered]), 1)
    total = duration[roots]
    if not (self_ns.sum(axis=1) == total).all():
        raise AssertionError("the phases of a call do not sum to its wall time")
    return Partition(
        total, self_ns, entries, own.sums(BEFORE), own.sums(AFTER), own.first_phase, phase, span_self
    )


def _own_phases(timeline: Timeline, row_phases: Sequence[str]) -> Ints:
    """Each span's phase by its row alone, -1 if it has none of its own."""
    by_row = np.array(
        [-1 if phase in NO_PHASE else NUMBER[phase] for phase in row_phases] + [-1], dtype=np.int64
    )
    rows = np.where(timeline.internal >= 0, timeline.internal, len(row_phases))
    own = by_row[rows]
    own[timeline.internal == COLLECTION] = _GC
    return own


def _effective_phases(timeline: Timeline, own: Ints) -> Ints:
    """Each span's phase by the rules, from the roots down."""
    phase = np.full(len(own), _NONE, dtype=np.int64)
    for level in range(1, int(timeline.depth.max(initial=0)) + 1):
        here = np.flatnonzero(timeline.depth == level)
        above = phase[timeline.parent[here]]
        inherits = (own[here] < 0) | (np.isin(above, _STICKY) & (own[here] != _GC))
        phase[here] = np.where(inherits, above, own[here])
    return phase

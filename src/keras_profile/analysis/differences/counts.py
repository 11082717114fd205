"""What is counted in calls, and not timed: the same on any machine.

``benchmarks/exact_counts.py`` measures which of these never move between runs of one program.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from msgspec import UNSET

from ...model.comparison import Change, CountDifference, InternalDifference
from ...model.recording import RecordedInternal
from ...model.report import InternalShare, ReportContent
from ...model.timeline import Timeline
from ...recorder.protocol.frameworks import GRAPH_BUILDER, ITERATOR_MAKER, PIPELINE_FUNCTION
from ...recordings.opened import OpenedRecording
from ..attribution.attribute import row_phases
from ..attribution.internals import phase_by_internal
from ..attribution.partition import Partition, partition
from ..attribution.vocabulary import TRANSPARENT

#: What is counted, by its name in files, in words.
COUNTS: dict[str, str] = {
    "graphs_per_call": "graphs traced in each warm call",
    "iterators_per_call": "iterators made in each call",
    "pipeline_functions_per_call": "functions of tf.data pipelines made in each call",
    "first_graphs": "graphs traced in the first call",
    "first_ops": "ops in these graphs",
    "internal_calls": "calls of Keras and TensorFlow internals in each call",
    "objects_kept": "Python objects that each call leaves behind",
    "python_calls": "calls of Python functions in each call",
}

#: The key of an internal: its module, with the Keras root in place of ``K``, and its qualified name.
InternalKey = tuple[str, str]


@dataclass(frozen=True)
class CallsUnderSpans:
    """The warm calls of a recording under spans, and their partition."""

    internals: list[RecordedInternal]
    warm: Timeline
    parts: Partition


@dataclass(frozen=True)
class Compared:
    """A report, and its recording if it is there."""

    report: ReportContent
    opened: OpenedRecording | None

    @cached_property
    def spans(self) -> CallsUnderSpans | None:
        """The warm calls under spans; None without any."""
        if self.opened is None or not self.opened.gave("spans"):
            return None
        warm = self.opened.timelines[1]
        if not warm.calls:
            return None
        recording = self.opened.recording
        return CallsUnderSpans(recording.content.internals, warm, partition(warm, row_phases(recording)))

    @cached_property
    def internal_counts(self) -> dict[InternalKey, float] | None:
        """How often a warm call enters each internal on average; None if that was not recorded."""
        if self.spans is None:
            shares = self.report.attribution.internals
            return {(one.module, one.qualname): one.count_per_call for one in shares} if shares else None
        warm, rows = self.spans.warm, self.spans.internals
        started = (warm.internal >= 0) & ~warm.resumed
        counts = np.bincount(warm.internal[started], minlength=len(rows)) / warm.calls
        found: dict[InternalKey, float] = {}
        for row, count in zip(rows, counts.tolist()):
            if count:
                key = (row.module, row.qualname)
                found[key] = found.get(key, 0.0) + round(count, 3)
        return found


def counts_of(side: Compared) -> dict[str, float | None]:
    """Each of :data:`COUNTS`; None if it is unknown."""
    internals = side.internal_counts
    facts = side.report.workload.facts
    known = None if facts.cold_traces is UNSET else facts.cold_traces
    graph = None if side.opened is None or not side.opened.gave("cprofile") else side.opened.call_graph
    return {
        "graphs_per_call": _of(internals, GRAPH_BUILDER),
        "iterators_per_call": _of(internals, ITERATOR_MAKER),
        "pipeline_functions_per_call": _ending(internals, PIPELINE_FUNCTION + ".__init__"),
        "first_graphs": None if known is None else len(known),
        "first_ops": None if known is None else sum(one.ops for one in known),
        "internal_calls": None if internals is None else round(sum(internals.values()), 3),
        "objects_kept": None if facts.objects_kept is UNSET else facts.objects_kept,
        "python_calls": None
        if graph is None or not graph.calls
        else round(sum(graph.total_calls) / graph.calls, 3),
    }


def count_differences(before: Compared, after: Compared) -> list[CountDifference]:
    """All of :data:`COUNTS` of both sides."""
    first, second = counts_of(before), counts_of(after)
    return [CountDifference(name, title, first[name], second[name]) for name, title in COUNTS.items()]


def internal_differences(before: Compared, after: Compared) -> list[InternalDifference]:
    """The internals that run more or less often, those with the largest difference of time first."""
    first, second = before.internal_counts, after.internal_counts
    if first is None or second is None:
        return []
    shares = [_by_key(side.report.attribution.internals) for side in (before, after)]
    phases = _phases(before, after)
    found = []
    for key in first.keys() | second.keys():
        mine, its = first.get(key, 0.0), second.get(key, 0.0)
        if mine == its:
            continue
        times = [one[key].total_ns if key in one else 0 for one in shares]
        found.append(
            InternalDifference(
                key[0], key[1], phases.get(key, ""), _change(mine, its), mine, its, times[1] - times[0]
            )
        )
    return sorted(found, key=lambda one: (-abs(one.difference_ns), one.module, one.qualname))


def _by_key(shares: list[InternalShare]) -> dict[InternalKey, InternalShare]:
    return {(one.module, one.qualname): one for one in shares}


def _phases(*sides: Compared) -> dict[InternalKey, str]:
    found: dict[InternalKey, str] = {}
    known = phase_by_internal()
    for side in sides:
        rows: list[RecordedInternal] = [] if side.opened is None else side.opened.content.internals
        for row in rows:
            found[row.module, row.qualname] = known.get((row.table_module, row.qualname), TRANSPARENT)
        for share in side.report.attribution.internals:
            found[share.module, share.qualname] = share.phase
    return found


def _change(before: float, after: float) -> Change:
    if not before:
        return "new"
    if not after:
        return "gone"
    return "more" if after > before else "fewer"


def _of(internals: dict[InternalKey, float] | None, key: InternalKey) -> float | None:
    return None if internals is None else internals.get(key, 0.0)


def _ending(internals: dict[InternalKey, float] | None, name: str) -> float | None:
    if internals is None:
        return None
    return round(sum(count for (_, qualname), count in internals.items() if qualname.endswith(name)), 3)

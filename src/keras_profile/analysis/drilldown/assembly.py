"""Makes the views of a recording from the data of its captures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...model.call_graph import CallGraph
from ...model.drilldown import CallInTime, MeasuredCalls, Views
from ...model.recording import Recording
from ...model.report import ReportContent
from ...model.samples import Samples
from ...model.timeline import COLLECTION, Timeline
from ...model.trace import Trace
from ...recordings.opened import OpenedRecording
from ..attribution.attribute import row_phases
from ..attribution.vocabulary import PHASES
from .counted_functions import counted_functions
from .frames import FrameTable
from .paths import sampled_paths
from .timelines import MOST_CALLS, begin_of, sampled_calls, span_calls, traced_calls
from .trees import sampled_tree, span_tree


def make_views(
    recording: Recording,
    report: ReportContent,
    cold: Timeline | None,
    warm: Timeline | None,
    samples: Samples | None,
    graph: CallGraph | None,
    traces: Sequence[Trace],
    most_calls: int = MOST_CALLS,
    further: Mapping[str, Samples] | None = None,
) -> Views:
    """The views of ``recording``, without those of missing captures.

    At most ``most_calls`` of each capture are shown in time. ``further`` are the samples of other captures,
    by name.
    """
    phases = row_phases(recording)
    table = FrameTable(recording.content.internals, phases)
    total_ns = report.attribution.total_ns
    trees, calls, paths = [], [], None
    notes: list[str] = []
    if samples is not None and samples.stack:
        paths = sampled_paths(recording, samples, table)
        trees.append(sampled_tree(samples, paths, table, total_ns))
    if warm is not None and warm.calls:
        trees.append(span_tree(recording, warm, report.attribution.phases, table))
    if cold is not None:
        calls += span_calls(recording, cold, True, table, most_calls=most_calls)
    if warm is not None:
        kept = span_calls(recording, warm, False, table, most_calls=most_calls)
        notes += _kept_note("spans", kept, warm.calls)
        calls += kept
    kept = traced_calls(recording, traces, warm, table, most_calls=most_calls)
    traced = sum(1 for name in recording.content.calls.capture if name == "tensorflow")
    notes += _kept_note("tensorflow", kept, traced) if kept else []
    calls += kept
    sampled = [] if samples is None or paths is None else [("pyinstrument", samples, paths)]
    sampled += [
        (name, found, sampled_paths(recording, found, table)) for name, found in (further or {}).items()
    ]
    for name, found, found_paths in sampled:
        kept, below = sampled_calls(
            found, found_paths, table, begin_of(recording, name), most_calls=most_calls, capture=name
        )
        notes += _kept_note(name, kept, len(set(found.call)))
        if below:
            notes.append(f"sampled calls in time order: boxes below {below} ns are merged into their caller")
        calls += kept
    functions = (
        None
        if graph is None or not graph.calls
        else (counted_functions(graph, recording.content.internals, phases, table))
    )
    return Views(
        phases=dict(PHASES),
        frames=table.frames,
        trees=trees,
        calls_in_time=calls,
        measured=measured_calls(recording, cold, warm),
        functions=functions,
        notes=notes,
    )


def views_of(opened: OpenedRecording, report: ReportContent, most_calls: int = MOST_CALLS) -> Views:
    """The views of an opened recording and its ``report``."""
    cold, warm = opened.timelines if opened.gave("spans") else (None, None)
    return make_views(
        opened.recording,
        report,
        cold,
        warm,
        opened.samples,
        opened.call_graph,
        opened.traces,
        most_calls,
        opened.further_samples,
    )


def measured_calls(recording: Recording, cold: Timeline | None, warm: Timeline | None) -> MeasuredCalls:
    """Every call of the recording, with its garbage collections if they are known."""
    calls = recording.content.calls
    collected = {True: _collections(cold), False: _collections(warm)}
    next_call = {True: 0, False: 0}
    gc_ns = []
    for capture, is_cold in zip(calls.capture, calls.cold):
        found = -1
        if capture == "spans" and next_call[is_cold] < len(collected[is_cold]):
            found = collected[is_cold][next_call[is_cold]]
            next_call[is_cold] += 1
        gc_ns.append(found)
    return MeasuredCalls(list(calls.capture), list(calls.cold), list(calls.wall_ns), gc_ns)


def _collections(timeline: Timeline | None) -> list[int]:
    """The time of garbage collections in each call."""
    if timeline is None or not timeline.calls:
        return []
    rows = timeline.internal == COLLECTION
    inner = rows & (timeline.internal[timeline.parent] != COLLECTION)
    found = np.bincount(
        timeline.call[inner], (timeline.end - timeline.begin)[inner], minlength=timeline.calls
    )
    return [int(value) for value in found]


def _kept_note(capture: str, kept: Sequence[CallInTime], made: int) -> list[str]:
    if len(kept) >= made:
        return []
    return [
        (
            f"time order shows {len(kept)} of {made} calls under {capture}, spread over the recording; "
            "the others are in the recording only"
        )
    ]

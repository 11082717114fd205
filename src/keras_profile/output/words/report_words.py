"""Wording of the report of a workload."""

from __future__ import annotations

from collections.abc import Sequence

from ...analysis.attribution.agreement import moved_to_unattributed, put_elsewhere
from ...analysis.attribution.vocabulary import UNDIVIDED
from ...analysis.call_figures import total_from
from ...analysis.intervals import LEAST_FOR_INTERVAL
from ...model.report import PhaseShare, ReportContent
from ...model.workload import Input
from ...number_words import milliseconds, percent, plural
from ...recorder.protocol import ENTRY_POINT_OF

#: The most internals named with a phase.
NAMED_INTERNALS = 2

#: The most layers that are named, and the model's least share of the call to name them.
NAMED_LAYERS, MOSTLY_MODEL = 4, 0.5

#: With fewer calls the 95th percentile is little more than the slowest one.
LEAST_CALLS_FOR_PERCENTILE = 20


def optional_percent(share: float | None) -> str:
    """As :func:`percent`, empty if it was not measured."""
    return "" if share is None else percent(share)


def basis_text(report: ReportContent) -> str:
    """The basis of the figures: captures, numbers of calls, and their cost."""
    figures = {one.name: one for one in report.captures}
    moved = moved_to_unattributed(report.attribution)
    total, spans = total_from(report.captures), figures["spans"]
    parts = [f"The total is the median of {total.calls} {total.name} calls."]
    cost = (
        ""
        if spans.inflation is None or total is spans
        else (f", which took {spans.inflation:.2f} times as long as bare ones")
    )
    parts.append(f"The shares come from {spans.calls} calls under spans{cost}.")
    parts.append(
        f"{percent(moved)} of the call was moved to unattributed because sampling shows functions without a "
        "name there; nothing else rests on another capture."
    )
    return " ".join(parts)


def checks_text(report: ReportContent) -> str:
    """How much of the call other instruments assign to other phases; empty if there were none."""
    elsewhere = put_elsewhere(report.attribution.agreement)
    parts = [f"{percent(share)} ({name})" for name, share in elsewhere.items()]
    return f"other instruments disagree on {', '.join(parts)}; report.md says why" if parts else ""


def inputs_text(report: ReportContent) -> str:
    """The inputs in a few words, such as ``32 × 4 float64``."""
    return inputs_words(report.workload.facts.inputs)


def inputs_words(inputs: Sequence[Input], row_range: Sequence[int] | None = None) -> str:
    """As :func:`inputs_text`, from the inputs alone; ``row_range`` is the range of rows that vary."""
    rows = "?" if row_range is None else f"{row_range[0]}–{row_range[1]}"
    parts = []
    for one in inputs:
        if one.shape is None:
            parts.append(one.kind)
            continue
        sizes = ["?" if size is None else str(size) for size in one.shape]
        if sizes and one.shape[0] is None:
            sizes[0] = rows
        shape = " × ".join(sizes) or "scalar"
        kind = "" if one.kind == "array" else f" {one.kind}"
        parts.append(f"{shape} {one.dtype}{kind}")
    return ", ".join(parts)


def call_text(report: ReportContent) -> str:
    """The measured call as a user writes it."""
    entry = report.workload.facts.entry_point
    return ENTRY_POINT_OF[entry].written if entry in ENTRY_POINT_OF else f"{entry}()"


def is_undivided(report: ReportContent) -> bool:
    """Whether the model's part of the call is unknown."""
    return any(one.phase == UNDIVIDED and one.self_ns for one in report.attribution.phases)


def model_text(report: ReportContent) -> str:
    """How much of the call runs the model, if it is known."""
    if is_undivided(report):
        return "how much of it runs your model is not known on this backend"
    return f"{percent(report.attribution.model_share)} of it runs your model"


def layers_text(report: ReportContent) -> str:
    """The layers with most of the kernels' time; empty unless the model has most of the call."""
    layers = report.attribution.layers
    if not layers or report.attribution.model_share < MOSTLY_MODEL:
        return ""
    named = (f"{one.layer} ({one.layer_class}) {percent(one.share)}" for one in layers[:NAMED_LAYERS])
    rest = len(layers) - NAMED_LAYERS
    return ", ".join(named) + (f" and {rest} more" if rest > 0 else "")


def headline(report: ReportContent) -> str:
    """The answer in one line: how long a call takes, with its interval."""
    warm = report.calls.warm
    batch = report.workload.facts.batch_size
    known = [
        interval_text(report),
        plural(warm.count, "warm call"),
        inputs_text(report),
        f"batches of {batch}" if batch else "",
    ]
    return (
        f"{call_text(report)}: {milliseconds(warm.median_ns)} ms a call "
        f"({', '.join(text for text in known if text)})"
    )


def interval_text(report: ReportContent) -> str:
    """How sure the time of a call is: an interval, the range of few calls, nothing for one call."""
    warm = report.calls.warm
    low, high = (milliseconds(bound) for bound in warm.median_ci95_ns)
    if warm.count < 2:
        return ""
    return f"{low}–{high}" if warm.count < LEAST_FOR_INTERVAL else f"95% CI {low}–{high}"


def is_attributed(report: ReportContent) -> bool:
    """Whether the call's time was divided into phases: only if there were probes."""
    return any(one.name == "spans" and one.calls for one in report.captures)


def phase_internals(report: ReportContent, phase: PhaseShare) -> str:
    """The internals with most of a phase's own time, and how often they run.

    TensorFlow's own events for a phase without internals.
    """
    attribution = report.attribution
    internals = [one for one in attribution.internals if one.phase == phase.phase and one.self_ns]
    internals.sort(key=lambda one: -one.self_ns)
    named = [(short_name(one.qualname), one.count_per_call) for one in internals]
    named = named or [
        (one.event, one.count_per_call)
        for one in attribution.native
        if one.phase == phase.phase and one.thread == "calling"
    ]
    return ", ".join(f"{name}{repetitions(count)}" for name, count in named[:NAMED_INTERNALS])


def short_name(qualname: str) -> str:
    """A qualified name without the functions that contain a local one.

    >>> short_name("TensorFlowTrainer.predict.<locals>.get_data")
    'get_data'
    """
    return qualname.rpartition("<locals>.")[2]


def repetitions(count: float) -> str:
    """How often, empty if once.

    >>> repetitions(1.0), repetitions(3.0), repetitions(0.25)
    ('', ' ×3', ' ×0.25')
    """
    if abs(count - 1) < 0.005:
        return ""
    return f" ×{count:.0f}" if abs(count - round(count)) < 0.05 else f" ×{count:.3g}"


def calls_text(report: ReportContent) -> str:
    """The first call, the slow tail, processor time and memory, in one line."""
    warm, cold = report.calls.warm, report.calls.cold
    parts = []
    if cold.count == 1:
        parts.append(f"first call {milliseconds(cold.total_ns)} ms")
    elif cold.count:
        parts.append(f"{cold.count} first calls {milliseconds(cold.total_ns)} ms together")
    if warm.count >= LEAST_CALLS_FOR_PERCENTILE:
        parts.append(f"95th percentile {milliseconds(warm.p95_ns)} ms")
    parts.append(f"CPU {milliseconds(warm.cpu_median_ns)} ms a call, all threads")
    growth = warm.rss_growth_bytes_per_call
    if growth is not None and growth > 1024:
        parts.append(f"memory grew {growth / 1024:.0f} KiB a call")
    return "; ".join(parts)


def captures_text(report: ReportContent) -> str:
    """The time of each capture's calls relative to bare ones."""
    return ", ".join(
        f"{one.name} {one.inflation:.2f}×" if one.inflation is not None else f"{one.name} {one.status}"
        for one in report.captures
        if one.name != "bare"
    )

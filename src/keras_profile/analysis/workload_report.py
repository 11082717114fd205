"""The report of one workload: figures, attribution, findings, comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..model.evidence import Evidence
from ..model.report import REPORT_SCHEMA, ReportContent
from ..recordings.names import name_in_report
from ..recordings.opened import OpenedRecording
from .attribution.attribute import attribute, cold_phases, nothing_attributed, row_phases
from .attribution.function_costs import function_costs
from .attribution.reconciliation import lost_internals, reconciliation_notes
from .attribution.span_facts import span_facts
from .call_figures import call_figures, capture_figures, memory_growth, recording_notes, warm_up
from .comparisons.costs import batch_size, fit_scaling
from .comparisons.verdicts import compare_trials, trial_notes
from .rules.catalogue import RULES
from .rules.engine import judge_all
from .rules.rule import Rule


def workload_report(
    opened: OpenedRecording, rules: Sequence[Rule] = RULES, calls: int | None = None
) -> ReportContent:
    """The report of a recording, with what ``rules`` find.

    ``calls`` is the number of calls of a program, to weigh the cost of building a change. Raises
    :class:`RecordingError`.
    """
    recording, content = opened.recording, opened.content
    figures = call_figures(recording)
    total_ns = figures.warm.median_ns
    evidence = Evidence(
        content.workload.facts,
        content.environment.facts,
        figures,
        memory=memory_growth(recording),
        warm_up=warm_up(recording),
    )
    notes = recording_notes(recording)
    trials = opened.trials
    cold_calls, warm = None, None
    incomplete: list[str] = []
    if content.calls.wall("spans") and opened.gave("spans"):
        cold_calls, warm = opened.timelines
    if cold_calls is not None and warm is not None and warm.calls:
        cold = cold_phases(recording, cold_calls) if cold_calls.calls else []
        figures = replace(figures, cold=replace(figures.cold, phases=cold))
        graph, traces = opened.call_graph, opened.traces
        lost = lost_internals(graph, warm, content.internals)
        attribution = attribute(recording, warm, opened.samples, graph, lost, traces, total_ns)
        incomplete = reconciliation_notes(lost, str(content.environment.facts.python))
        evidence = replace(
            evidence,
            calls=figures,
            phases={one.phase: one for one in attribution.phases},
            internals=attribution.internals,
            spans=span_facts(warm, content.internals, row_phases(recording), total_ns),
            native=attribution.native if traces else None,
            layers=attribution.layers if traces else None,
            devices=attribution.devices if traces else None,
            functions=None if graph is None else function_costs(graph, total_ns, _profiled_ns(opened)),
        )
    else:
        attribution = nothing_attributed(total_ns, asked="spans" in opened.outcomes or trials is None)
    comparisons = [] if trials is None else compare_trials(trials, calls)
    if trials is not None:
        notes += trial_notes(trials, total_ns)
        evidence = replace(evidence, comparisons=comparisons)
    notes += incomplete  # last, since it matters only to readers of that file
    return ReportContent(
        schema=REPORT_SCHEMA,
        recording=name_in_report(opened.folder),
        environment=content.environment,
        workload=content.workload,
        calls=figures,
        captures=[capture_figures(recording, outcome) for outcome in content.captures],
        attribution=attribution,
        findings=judge_all(evidence, rules),
        comparisons=comparisons,
        notes=notes + attribution.notes + opened.damage,
        scaling=None
        if trials is None
        else fit_scaling(trials, batch_size(content.workload.facts), comparisons),
        created=content.created,
    )


def _profiled_ns(opened: OpenedRecording) -> float:
    """The median call under cProfile, 0 where there is none."""
    walls = opened.content.calls.wall("cprofile")
    return float(np.median(walls)) if walls else 0.0

"""From a report to its row in a store. Texts are cut to bounds, since a report is data from elsewhere."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import UNSET

from ...analysis.comparisons.recommending import recommended
from ...model.environment import Environment
from ...model.file_names import file_name
from ...model.program_report import GroupReport, ProgramReport
from ...model.report import Attribution, Comparison, Finding, ReportContent, WarmCalls
from ...model.store import (
    CallRow,
    CallSiteRow,
    ComparisonRow,
    FindingRow,
    InternalRow,
    LayerRow,
    PhaseRow,
    RecordingRow,
)
from ...model.workload import Workload

#: The most calls of a line that are kept, evenly chosen.
MOST_CALLS = 200
#: The most lines of a program, internals, layers and changes of a line: beyond these there is hardly time.
MOST_SITES, MOST_INTERNALS, MOST_LAYERS, MOST_COMPARISONS = 32, 40, 40, 40
#: The most characters of a text.
LONGEST = 300
#: The most labels, as the recorder takes them.
MOST_LABELS = 32
#: The label that gives what no recording of a finished program can know.
CALLS_A_DAY = "calls_a_day"
_DAY_NS = 86_400 * 1_000_000_000
#: Verdicts of rules that are kept: of the others, nothing is to be asked.
_KEPT = ("found", "included", "cannot_tell")


def make_row(
    report: ReportContent | ProgramReport,
    identity: str,
    made_at: datetime.datetime,
    given_labels: Mapping[str, str],
    calls: Sequence[Sequence[int]] = (),
    source: str = "report",
) -> RecordingRow:
    """The row of a report.

    ``made_at`` is in UTC, ``given_labels`` come before those of the recording, ``calls`` are ns of warm calls
    for each line if the recording itself is known.
    """
    facts = report.environment.facts
    labels = dict(list((facts.labels | dict(given_labels)).items())[:MOST_LABELS])
    sites = _Sites(labels)
    if isinstance(report, ProgramReport):
        for group in report.groups[:MOST_SITES]:
            sites.add_group(group, report)
    else:
        sites.add_model(report)
    chief = sites.rows[0] if sites.rows else None
    program = report.program if isinstance(report, ProgramReport) else None
    command = program.command if program is not None else []
    target = " ".join(command) if program is not None else sites.target
    known = [row.calls_a_day for row in sites.rows if row.calls_a_day is not None]
    return RecordingRow(
        id=identity,
        service=_cut(labels.get("service") or _name(command, target) or report.recording),
        version=_cut(labels.get("version", "")),
        host=_cut(labels.get("host", "")),
        environment=_cut(labels.get("environment", "")),
        date=made_at.date(),
        made_at=made_at,
        recording=_cut(report.recording),
        kind="model" if program is None else "program",
        collected_from=source,
        target=_cut(target),
        place=chief.place if chief else "",
        entry=chief.entry if chief else "",
        model=chief.model if chief else None,
        rows=chief.rows if chief else None,
        median_ns=chief.median_ns if chief else None,
        p95_ns=chief.p95_ns if chief else None,
        model_share=chief.model_share if chief else None,
        threads=sites.threads,
        calls=sum(row.calls for row in sites.rows) if program is None else program.calls,
        calls_a_day=sum(known) if known else None,
        wall_ns=None if program is None else program.wall_ns,
        program_share=None if program is None else program.inference_share,
        could_take_ns=report.could_take_ns if isinstance(report, ProgramReport) else None,
        python=facts.python or "",
        tensorflow=facts.tensorflow or "",
        keras=_keras(facts),
        backend=facts.backend or "",
        platform=_cut(facts.platform or ""),
        processors=facts.cpu_count,
        labels={_cut(name): _cut(value) for name, value in labels.items()},
        call_sites=sites.rows,
        phases=sites.phases,
        internals=sites.internals,
        layers=sites.layers,
        findings=sites.findings,
        comparisons=sites.comparisons,
        measured_calls=[
            CallRow(site, number, ns)
            for site, walls in enumerate(calls[: len(sites.rows)])
            for number, ns in evenly(walls)
        ],
    )


def evenly(walls: Sequence[int], most: int = MOST_CALLS) -> list[tuple[int, int]]:
    """Some of the calls, evenly chosen, each with its place.

    >>> evenly([7, 8, 9]), [number for number, _ in evenly(range(1000), 4)]
    ([(0, 7), (1, 8), (2, 9)], [0, 333, 666, 999])
    """
    places = np.unique(np.linspace(0, len(walls) - 1, min(len(walls), most)).astype(int)).tolist()
    return [(place, walls[place]) for place in places]


class _Sites:
    """Collects the rows of all lines of a report."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self.rows: list[CallSiteRow] = []
        self.phases: list[PhaseRow] = []
        self.internals: list[InternalRow] = []
        self.layers: list[LayerRow] = []
        self.findings: list[FindingRow] = []
        self.comparisons: list[ComparisonRow] = []
        self.threads: int | None = None
        self.target = ""
        self._given = _calls_a_day(labels)

    def add_model(self, report: ReportContent) -> None:
        facts, warm = report.workload.facts, report.calls.warm
        self.target = facts.target
        self.rows.append(
            CallSiteRow(
                site=0,
                place=_cut(file_name(facts.target)),
                file=_cut(facts.target),
                line=None,
                function="",
                source="",
                calls=warm.count + report.calls.cold.count,
                total_ns=warm.count * warm.median_ns + report.calls.cold.total_ns,
                calls_a_day=self._given,
                share_of_program=None,
                cold_ns=report.calls.cold.total_ns or None,
                **_of_call(facts, warm, report.attribution),
            )
        )
        self._add_views(facts, report.attribution, report.findings, report.comparisons, None)

    def add_group(self, group: GroupReport, report: ProgramReport) -> None:
        facts, warm, attribution = group.workload.facts, group.calls.warm, group.attribution
        program = report.program
        rate = group.count / max(program.wall_ns, 1) * _DAY_NS if _goes_on(report) else None
        if self._given is not None:
            rate = self._given * group.count / max(program.calls, 1)
        place = file_name(group.site.file) + (f":{group.site.function}" if group.site.function else "")
        same = 1 + sum(row.place.partition(" #")[0] == place for row in self.rows)
        self.rows.append(
            CallSiteRow(
                site=len(self.rows),
                place=_cut(place if same == 1 else f"{place} #{same}"),
                file=_cut(group.site.file),
                line=group.site.line,
                function=_cut(group.site.function),
                source=_cut(group.site.source),
                calls=group.count,
                total_ns=group.total_ns,
                calls_a_day=rate,
                share_of_program=group.share_of_wall,
                cold_ns=group.cold_ns,
                **_of_call(facts, warm, attribution),
            )
        )
        if attribution is not None:
            self._add_views(facts, attribution, group.findings, group.comparisons, group.count)

    def _add_views(
        self,
        facts: Workload,
        attribution: Attribution,
        findings: Sequence[Finding],
        comparisons: Sequence[Comparison],
        calls: int | None,
    ) -> None:
        site = self.rows[-1].site
        if self.threads is None and facts.process is not UNSET:
            self.threads = facts.process.threads
        self.phases += [
            PhaseRow(site, _cut(one.phase), one.self_ns, one.share, one.count_per_call)
            for one in attribution.phases
        ]
        self.internals += [
            InternalRow(
                site,
                _cut(one.module),
                _cut(one.qualname),
                _cut(one.phase),
                one.total_ns,
                one.self_ns,
                one.count_per_call,
            )
            for one in attribution.internals[:MOST_INTERNALS]
        ]
        self.layers += [
            LayerRow(site, _cut(one.layer), _cut(one.layer_class), one.self_ns, one.share)
            for one in attribution.layers[:MOST_LAYERS]
        ]
        self.findings += [
            FindingRow(
                site,
                _cut(one.rule),
                one.verdict,
                _cut(one.title),
                _cut(one.phase),
                one.cost_ns_per_call,
                one.share,
                one.cost_once_ns,
            )
            for one in findings
            if one.verdict in _KEPT
        ]
        best = recommended(comparisons, calls)
        self.comparisons += [
            ComparisonRow(
                site,
                _cut(one.recipe),
                _cut(one.title),
                one.verdict,
                one is best,
                one.before_ns,
                one.after_ns,
                one.speedup,
                None if one.outputs is None else one.outputs.equal,
                None if one.outputs is None else one.outputs.max_abs_error,
                _cut(one.condition),
            )
            for one in comparisons[:MOST_COMPARISONS]
            if one.verdict not in ("not_tried", "not_applicable")
        ]


def _of_call(facts: Workload, warm: WarmCalls | None, attribution: Attribution | None) -> dict[str, Any]:
    """The columns of a line that come from its calls alone."""
    return {
        "entry": facts.entry_point,
        "model": None if facts.model_class is None else _cut(facts.model_class),
        "parameters": facts.parameters,
        "rows": _rows(facts),
        "median_ns": None if warm is None else warm.median_ns,
        "p95_ns": None if warm is None else warm.p95_ns,
        "cpu_median_ns": None if warm is None else warm.cpu_median_ns,
        "model_share": None if attribution is None else attribution.model_share,
    }


def _goes_on(report: ProgramReport) -> bool:
    """Whether a program's rate of calls is one of all day: it did not come to its end by itself."""
    return report.program.interrupted or not report.program.complete


def _calls_a_day(labels: Mapping[str, str]) -> float | None:
    """The calls a day that a label gives, if it is a number."""
    try:
        given = float(labels.get(CALLS_A_DAY, "nan"))
    except ValueError:
        return None
    return given if math.isfinite(given) and given >= 0 else None


def _rows(facts: Workload) -> int | None:
    if facts.call_sites is not UNSET and facts.call_sites:
        return facts.call_sites[0].rows
    shape = facts.inputs[0].shape if facts.inputs else None
    return shape[0] if shape else None


def _name(command: Sequence[str], target: str) -> str:
    """What a recording without a label is of: ``serve.py`` for ``serve.py --port 80``."""
    if command[:1] == ["-m"] and len(command) > 1:
        return command[1]
    return file_name(command[0]) if command else file_name(target)


def _keras(facts: Environment) -> str:
    """The release of Keras; tf_keras goes by its own name, since its numbers are TensorFlow's."""
    is_legacy = (facts.keras_root or "").partition(".")[0] == "tf_keras"
    return f"tf_keras {facts.keras}" if is_legacy and facts.keras else facts.keras or ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

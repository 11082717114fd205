"""The report of a workload as Markdown."""

from __future__ import annotations

from ...model.devices import DeviceDivision
from ...model.report import ReportContent, TableCoverage
from ...number_words import milliseconds, number, percent, percents, plural
from ..markdown import escape, fenced, table
from ..words import environment_words, finding_words, recipe_words, report_words
from ..words.device_words import busy_line, copies_line, launches_line


def render(report: ReportContent) -> str:
    """The whole report; names from the recording are escaped."""
    attribution = report.attribution
    parts = [
        f"# {escape(report.recording)}",
        (f"**{escape(report_words.headline(report))}**  \n{report_words.model_text(report)}"),
        "## Where the time goes",
        phases(report),
    ]
    if report.findings:
        parts += why(report)
    if report.comparisons:
        parts += what_to_change(report)
    if attribution.internals:
        parts += [
            "## Keras and TensorFlow internals",
            "Total time includes callees.",
            table(
                [
                    "internal",
                    "module",
                    "phase",
                    "total ms",
                    "share",
                    "self ms",
                    "times per call",
                    "called from",
                ],
                "lllrrrrl",
                [
                    [
                        one.qualname,
                        one.module,
                        one.phase,
                        milliseconds(one.total_ns),
                        percent(one.total_share),
                        milliseconds(one.self_ns),
                        number(one.count_per_call),
                        one.parent or "",
                    ]
                    for one in attribution.internals
                ],
            ),
        ]
    if attribution.native:
        parts += [
            "## TensorFlow's own events",
            (
                "Events of the calling thread are part of their phase's time. Events of other threads ran in "
                "parallel and are not added."
            ),
            table(
                ["event", "phase", "thread", "ms", "times per call"],
                "lllrr",
                [
                    [
                        one.event,
                        one.phase,
                        one.thread,
                        milliseconds(one.self_ns),
                        number(one.count_per_call),
                    ]
                    for one in attribution.native
                ],
            ),
        ]
    if attribution.layers:
        parts += [
            "## Layers",
            table(
                ["layer", "class", "ms", "share of kernels", "ops"],
                "llrrl",
                [
                    [
                        one.layer,
                        one.layer_class,
                        milliseconds(one.self_ns),
                        percent(one.share),
                        ", ".join(one.ops),
                    ]
                    for one in attribution.layers
                ],
            ),
        ]
    for device in attribution.devices:
        parts += _device(device)
    if attribution.agreement:
        parts += _how_sure(report)
    if attribution.table:
        parts += _table_coverage(attribution.table)
    parts += [
        "## Captures",
        table(
            ["capture", "status", "calls", "median ms", "against bare"],
            "llrrr",
            [
                [
                    one.name,
                    one.status + (f": {one.reason}" if one.reason else ""),
                    str(one.calls),
                    "" if one.median_ns is None else milliseconds(one.median_ns),
                    "" if one.inflation is None else f"{one.inflation:.2f}×",
                ]
                for one in report.captures
            ],
        ),
        escape(report_words.calls_text(report)),
        "## Environment and workload",
        escape(environment_words.machine(report.environment.facts)),
        table(
            ["workload", ""],
            "ll",
            [
                [key, str(value)]
                for key, value in report.workload.as_recorded.items()
                if key not in ("layers", "inputs", "announcements", "call_sites", "models")
                and value not in (None, [], "")
            ],
        ),
    ]
    notes = [*report.workload.facts.announcements, *report.notes]
    if notes:
        parts += ["## Notes", "\n".join(f"- {escape(note)}" for note in notes)]
    return "\n\n".join(parts) + "\n"


def phases(report: ReportContent) -> str:
    """The table of the phases of a call."""
    return table(
        ["phase", "ms", "share", "95% CI", "times per call", "mostly in"],
        "lrrrrl",
        [
            [
                phase.phase,
                milliseconds(phase.self_ns),
                percent(phase.share),
                percents(phase.share_ci95),
                number(phase.count_per_call),
                report_words.phase_internals(report, phase),
            ]
            for phase in report.attribution.phases
        ]
        + [["total", milliseconds(report.attribution.total_ns), "100%", "", "", ""]],
    )


def why(report: ReportContent) -> list[str]:
    """Causes found, causes ruled out, and causes that could not be judged."""
    parts = ["## Why"]
    for place, finding in enumerate(finding_words.found(report), 1):
        details = [
            finding_words.cost_text(finding),
            finding.sure and f"confidence: {finding.sure}",
            finding.where and f"at {finding.where}",
            *finding.evidence,
        ]
        details.append(finding.advice and f"what helps: {finding.advice}")
        fix = finding_words.fixes_text(finding, report.comparisons)
        details += [fix and f"changes that may help: {fix}"]
        parts += [
            f"{place}. **{escape(finding.title)}** ({escape(finding.rule)})",
            "\n".join(f"   - {escape(line)}" for line in details if line),
        ]
    if not finding_words.found(report):
        parts.append(f"{finding_words.nothing_found(report).capitalize()}.")
    checked = [finding_words.not_found_text(report), *finding_words.cannot_tell_lines(report)]
    return [*parts, *(escape(line) for line in checked if line)]


def what_to_change(report: ReportContent) -> list[str]:
    """The gains of changes, their code, and why others were not tried."""
    tried = recipe_words.shown(report.comparisons)
    parts = ["## What to change"]
    if tried:
        parts.append(
            table(
                [
                    "change",
                    "recipe",
                    "before → after, ms",
                    "speed-up (99% CI)",
                    "outputs",
                    "first call, ms",
                    "pays off after",
                    "peak memory, MB",
                ],
                "llrllrrr",
                [
                    [
                        one.title,
                        one.recipe,
                        recipe_words.now_then(one),
                        recipe_words.speedup(one),
                        recipe_words.outputs(one),
                        "" if one.warmup_ns is None else milliseconds(one.warmup_ns),
                        "" if one.pays_off_after is None else plural(one.pays_off_after, "call"),
                        "" if one.peak_bytes is None else f"{one.peak_bytes / 1e6:.0f}",
                    ]
                    for one in tried
                ],
            )
        )
    others = recipe_words.others(report.comparisons)
    parts += [
        escape(line) + "  " for line in ([others] if others else []) + recipe_words.scaling_lines(report)
    ]
    for one in tried:
        compared = (
            ""
            if one.outputs is None
            else (
                f"Outputs compared on {', '.join(one.outputs.inputs)}; {one.outputs.rows:,} rows; tolerance: "
                f"{one.outputs.tolerance:g} of the largest number."
            )
        )
        parts += [f"### {escape(one.title)}", *([escape(compared)] if compared else []), fenced(one.code)]
    rest = [one for one in report.comparisons if one not in tried]
    if rest:
        parts += ["Not tried:", table(["recipe", "why"], "ll", [[one.title, one.reason] for one in rest])]
    return parts


def _how_sure(report: ReportContent) -> list[str]:
    """The instruments side by side, and why they differ."""
    rows = report.attribution.agreement
    parts = [
        "## Confidence",
        escape(report_words.basis_text(report)),
        (
            "The same phases by three instruments: probes (spans), on which the report rests, sampling "
            "(pyinstrument) and counts (cProfile)."
        ),
        table(
            ["phase", "spans", "95% CI", "sampled", "95% CI", "verdict", "cProfile", "verdict"],
            "lrrrrlrl",
            [
                [
                    one.phase,
                    percent(one.spans_share),
                    percents(one.spans_ci95),
                    report_words.optional_percent(one.sampled_share),
                    percents(one.sampled_ci95),
                    one.verdict,
                    report_words.optional_percent(one.counted_share),
                    one.counted_verdict,
                ]
                for one in rows
            ],
        ),
    ]
    phases_by_cause: dict[str, list[str]] = {}
    for one in rows:
        for cause in one.because:
            phases_by_cause.setdefault(cause, []).append(one.phase)
    if phases_by_cause:
        parts += [
            "If they differ, trust the spans. Known causes:",
            "\n".join(
                f"- {escape(cause)} ({escape(', '.join(phases))})"
                for cause, phases in phases_by_cause.items()
            ),
        ]
    return parts


def _table_coverage(coverage: TableCoverage) -> list[str]:
    known = (
        f"Of the {coverage.rows} internals of all releases in the table, this release has "
        f"{coverage.resolved}. It is closest to {escape(coverage.generation)}, "
    )
    if not coverage.missing:
        return ["## Internals table", known + "and has all of its known internals."]
    return [
        "## Internals table",
        known + f"but lacks {len(coverage.missing)} of its internals:",
        table(
            ["internal", "module", "phase"],
            "lll",
            [[one.qualname, one.module, one.phase] for one in coverage.missing],
        ),
    ]


def _device(device: DeviceDivision) -> list[str]:
    """What a GPU or TPU did in a traced call."""
    parts = [f"## {escape(device.device)}", f"{escape(busy_line(device, 'a traced call'))}."]
    each = "a traced call"
    lines = (launches_line(device, each), copies_line(device, each))
    parts += [f"{escape(line)}." for line in lines if line]
    parts.append(
        table(
            ["while it is idle, the host is in", "ms", "share"],
            "lrr",
            [[one.phase, milliseconds(one.idle_ns), percent(one.share)] for one in device.waits],
        )
    )
    if device.kernels:
        rows = [
            [one.op, milliseconds(one.self_ns), percent(one.share), number(one.count_per_step)]
            for one in device.kernels
        ]
        parts.append(table(["kernels by op", "ms", "share of kernels", "times per call"], "lrrr", rows))
    return parts

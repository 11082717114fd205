"""The report of a program as Markdown."""

from __future__ import annotations

from ...model.program_report import GroupReport, ProgramReport
from ...number_words import duration, percent
from ..markdown import escape, fenced, table
from ..report.to_markdown import phases, what_to_change, why
from ..words import environment_words, program_words, report_words


def render(report: ProgramReport) -> str:
    """The whole report; names from the recording are escaped."""
    program = report.program
    parts = [
        f"# {escape(report.recording)}",
        f"**{escape(program_words.headline(report))}**  \n{escape(program_words.counts(report))}",
        *(f"**{escape(line)}**" for line in program.unfinished),
        *_whole(report),
        "## Calls",
        table(
            ["", "call", "at", "calls", "took", "of the program", "of inference"],
            "rllrrrr",
            [
                [
                    str(number),
                    program_words.entry(group),
                    f"{group.site.file}:{group.site.line}",
                    f"{group.count:,}",
                    duration(program_words.took_ns(group)),
                    percent(group.share_of_wall),
                    percent(group.share_of_inference),
                ]
                for number, group in enumerate(report.groups, 1)
            ],
        ),
    ]
    for number, group in enumerate(report.groups, 1):
        parts += _group(report, group, number)
    parts += [
        "## Processes",
        table(
            ["process", "program", "took", "calls", "inference"], "llrrr", program_words.process_rows(program)
        ),
        escape(program_words.overhead_line(program)),
    ]
    if report.environment.as_recorded:
        parts += ["## Environment", escape(environment_words.machine(report.environment.facts))]
    if report.notes:
        parts += ["## Notes", "\n".join(f"- {escape(note)}" for note in report.notes)]
    return "\n\n".join(parts) + "\n"


def _whole(report: ProgramReport) -> list[str]:
    """Where the time goes, the conclusions, and the causes outside the calls."""
    rows = program_words.part_rows(report)
    if not rows:
        return []
    parts = [
        "## Where the time goes",
        table(["part", "took", "share"], "lrr", [[row.name, row.took, row.of_program] for row in rows]),
        escape(program_words.whole_line(report)),
    ]
    if report.conclusions:
        parts += ["## Conclusions", "\n".join(f"- {escape(one)}" for one in report.conclusions)]
    for cause in report.causes:
        parts += [
            f"### {escape(program_words.cause_line(cause))}",
            "\n".join(f"- {escape(line)}" for line in cause.evidence),
            f"What helps: {escape(cause.advice)}",
        ]
    return parts


def _group(report: ProgramReport, group: GroupReport, number: int) -> list[str]:
    parts = [
        f"## {number}. {escape(program_words.group_name(report, group))}",
        escape(program_words.group_figures(group)),
    ]
    if group.site.source:
        parts.append(fenced(group.site.source))
    details = program_words.group_details(group)
    if details:
        parts.append("\n".join(f"- {escape(line)}" for line in details))
    usual = report.of_group(group)
    if usual is None:
        return [*parts, "No warm call was timed, so it is not divided into phases."]
    parts.append(f"Its own report: [group-{number}/report.md](group-{number}/report.md)")
    if report_words.is_attributed(usual):
        parts.append(phases(usual))
    below = []
    if usual.findings:
        below += why(usual)
    if usual.comparisons:
        below += what_to_change(usual)
    # These headings come from the report of one workload: here they are one level lower.
    parts += [f"#{part}" if part.startswith(("## ", "### ")) else part for part in below]
    if group.notes:
        parts.append("\n".join(f"- {escape(note)}" for note in group.notes))
    return parts

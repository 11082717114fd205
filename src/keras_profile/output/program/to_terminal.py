"""The report of a program for a terminal."""

from __future__ import annotations

from rich.console import Console

from ...analysis.program_conclusions import inference_matters
from ...analysis.program_time import together_ns
from ...model.program_report import GroupReport, ProgramReport
from ...number_words import duration
from ..report.to_terminal import phase_table, print_comparisons, print_findings
from ..terminal import figures_table, indented, marked, plain
from ..words import environment_words, program_words, report_words

#: The most groups shown in full, and the most that have a line.
_WHOLE, _LISTED = 3, 12
#: A group with a smaller share of the program gets only its line, unless it is the first.
_LEAST_SHARE = 0.05
#: Columns of a bar of 100%.
_BAR = 20


def print_to(report: ProgramReport, console: Console) -> None:
    """Prints ``report`` to ``console``, the answer first."""
    console.print(plain(program_words.headline(report), "bold"))
    console.print(plain(program_words.counts(report)))
    for line in report.program.unfinished:
        console.print(plain(line, "yellow"))
    _print_whole(report, console)
    before = True
    for number, group in enumerate(report.groups[:_LISTED], 1):
        whole = _is_shown_whole(report, group, number)
        if before or whole:
            console.print()
        _print_group(report, group, number, whole, console)
        before = whole
    rest = report.groups[_LISTED:]
    if rest:
        together = duration(together_ns(rest))
        console.print(plain(f"… and {len(rest)} more, {together} together (report.md has all)", "dim"))
    _print_rest(report, console)


def _is_shown_whole(report: ProgramReport, group: GroupReport, number: int) -> bool:
    """Whether to show a group in full: one with little of the program is only a line."""
    if number > _WHOLE:
        return False
    if report.whole is not None and not inference_matters(report.whole):
        return False
    return number == 1 or group.share_of_wall >= _LEAST_SHARE


def _print_whole(report: ProgramReport, console: Console) -> None:
    """Prints where the time goes, and the conclusions."""
    rows = program_words.part_rows(report)
    if not rows:
        return
    console.print()
    table = figures_table(["where the time goes", "", "took", "share"])
    table.columns[1].justify = "left"
    for row in rows:
        table.add_row(plain(row.name), "█" * round(_BAR * row.share), row.took, row.of_program)
    console.print(table)
    console.print(plain(program_words.whole_line(report), "dim"))
    if report.conclusions:
        console.print()
    for sentence in report.conclusions:
        marked(console, "• ", sentence, "bold")
    for cause in report.causes:
        console.print()
        console.print(plain(program_words.cause_line(cause), "bold"))
        for line in cause.evidence:
            indented(console, line, by=3)
        indented(console, f"what helps: {cause.advice}", by=3)


def _print_group(
    report: ProgramReport,
    group: GroupReport,
    number: int,
    whole: bool,
    console: Console,
) -> None:
    mark, style = f"{number}. ", "bold" if whole else ""
    marked(console, mark, program_words.group_name(report, group), style, style)
    indented(console, program_words.group_figures(group), style, by=len(mark))
    lines = [group.site.source] if group.site.source else []
    little = not whole and group.share_of_wall < _LEAST_SHARE
    for line in [*lines, *([] if little else program_words.group_details(group))]:
        indented(console, line, by=len(mark))
    usual = report.of_group(group)
    if usual is None or little:
        return
    if not whole:
        causes = [one.title for one in group.findings if one.verdict == "found"][:1]
        best = program_words.best_line(group)
        for line in [*causes, *([best] if best else [])]:
            indented(console, line, "dim", by=len(mark))
        return
    if report_words.is_attributed(usual):
        console.print()
        console.print(phase_table(usual, console.width))
    # The list of causes ruled out is much the same in all groups.
    print_findings(usual, console, with_checked=number == 1)
    print_comparisons(usual, console)
    for note in group.notes:
        marked(console, "note: ", note, "yellow", "yellow")


def _print_rest(report: ProgramReport, console: Console) -> None:
    program = report.program
    if len(program.processes) > 1:
        console.print()
        table = figures_table(["process", "took", "calls", "inference"])
        for pid, argv, *figures in program_words.process_rows(program):
            table.add_row(plain(f"{pid} {argv}"), *figures)
        console.print(table)
    console.print()
    console.print(plain(program_words.overhead_line(program), "dim"))
    if report.environment.as_recorded:
        console.print(plain(environment_words.machine(report.environment.facts), "dim"))
    for note in report.notes:
        marked(console, "note: ", note, "yellow", "yellow")

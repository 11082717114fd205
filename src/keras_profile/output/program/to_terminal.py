"""The report of a program for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding

from ...analysis.program_time import together_ns
from ...model.program_report import GroupReport, ProgramReport
from ..report.to_terminal import phase_table, print_comparisons, print_findings
from ..terminal import figures_table, plain
from ..words import environment_words, program_words, report_words

#: Groups that are shown with all that is known, and those that have a line.
_WHOLE, _LISTED = 3, 12
#: A group that has less of the inference gets its line alone, unless it is the first.
_LEAST_SHARE = 0.05


def print_to(report: ProgramReport, console: Console) -> None:
    """Prints ``report`` to ``console``, the answer first."""
    console.print(plain(program_words.headline(report), "bold"))
    console.print(plain(program_words.counts(report)))
    for line in report.program.unfinished:
        console.print(plain(line, "yellow"))
    before = True
    for number, group in enumerate(report.groups[:_LISTED], 1):
        whole = number == 1 or (number <= _WHOLE and group.share_of_inference >= _LEAST_SHARE)
        if before or whole:
            console.print()
        _print_group(report, group, number, whole, console)
        before = whole
    rest = report.groups[_LISTED:]
    if rest:
        together = program_words.duration(together_ns(rest))
        console.print(plain(f"… and {len(rest)} more, {together} together (report.md has all)", "dim"))
    _print_rest(report, console)


def _print_group(
    report: ProgramReport,
    group: GroupReport,
    number: int,
    whole: bool,
    console: Console,
) -> None:
    console.print(plain(f"{number}. {program_words.group_line(report, group)}", "bold" if whole else ""))
    lines = [group.site.source] if group.site.source else []
    for line in [*lines, *program_words.group_details(group)]:
        console.print(Padding(plain(line), (0, 0, 0, 3), expand=False))
    usual = report.of_group(group)
    if usual is None:
        return
    if not whole:
        causes = [one.title for one in group.findings if one.verdict == "found"][:1]
        best = program_words.best_line(group)
        for line in [*causes, *([best] if best else [])]:
            console.print(Padding(plain(line, "dim"), (0, 0, 0, 3), expand=False))
        return
    if report_words.is_attributed(usual):
        console.print()
        console.print(phase_table(usual, console.width))
    # What else was looked for is much the same in all groups.
    print_findings(usual, console, with_checked=number == 1)
    print_comparisons(usual, console)
    for note in group.notes:
        console.print(plain(f"note: {note}", "yellow"))


def _print_rest(report: ProgramReport, console: Console) -> None:
    program = report.program
    samples, between = program_words.sample_rows(program), program_words.between_rows(program)
    if between:
        console.print()
        table = figures_table(["beside inference Keras was", "times", "took"])
        for kind, what, times, took in between:
            table.add_row(plain(f"{kind}: {what}"), times, took)
        console.print(table)
    if samples:
        console.print()
        table = figures_table(["between the calls the program was in", "share"])
        for where, share in samples:
            table.add_row(plain(where), share)
        console.print(table)
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
        console.print(plain(f"note: {note}", "yellow"))

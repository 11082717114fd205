"""The report of a workload for a terminal."""

from __future__ import annotations

from textwrap import shorten

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...analysis.comparisons.verdicts import best_of
from ...model.report import Comparison, ReportContent
from ...number_words import milliseconds, number, percent
from ..terminal import figures_table, indented, marked, plain, wrapped
from ..words import environment_words, finding_words, recipe_words, report_words
from .device_tables import print_devices

#: Internals in the inclusive view.
_INTERNALS = 12
_LAYERS = 6
#: Characters of a reason: a framework's error may be a page long. Other formats show all of it.
_REASON = 120
#: The least width at which outputs have their own column; below it they stand under the title.
_OUTPUTS_BESIDE = 100
#: Width of the phase table without its last column, and the least width at which that column is shown.
_FIGURES_WIDTH, _LEAST_WIDTH = 54, 9


def print_to(report: ReportContent, console: Console) -> None:
    """Prints ``report`` to ``console``, which determines colour and width."""
    console.print(plain(report_words.headline(report), "bold"))
    if report_words.is_attributed(report):
        console.print(Text(report_words.model_text(report)))
    why = finding_words.why(report)
    if why:
        console.print(plain(why, "bold"))
    if report_words.is_attributed(report):
        console.print()
        console.print(phase_table(report, console.width))
    print_findings(report, console)
    print_comparisons(report, console)
    if report.attribution.internals:
        console.print()
        console.print(_internals_table(report))
    if report.attribution.layers:
        console.print()
        console.print(_layers_table(report))
    print_devices(report.attribution.devices, console, "a traced call")
    console.print()
    console.print(plain(report_words.calls_text(report)))
    if report_words.captures_text(report):
        console.print(plain(f"captures against bare calls: {report_words.captures_text(report)}", "dim"))
    checks = report_words.checks_text(report)
    if checks:
        console.print(plain(checks, "dim"))
    console.print(plain(environment_words.machine(report.environment.facts), "dim"))
    for note in report.notes:
        marked(console, "note: ", note, "yellow", "yellow")


def print_comparisons(report: ReportContent, console: Console) -> None:
    """Prints the gains of recipes, the code of the best one, and how costs grow with the rows."""
    tried = recipe_words.shown(report.comparisons)
    if not tried:
        return
    console.print()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("what to change", overflow="fold")
    table.add_column("before → after, ms", no_wrap=True, justify="right")
    table.add_column("speed-up (99% CI)", no_wrap=True)
    beside = console.width >= _OUTPUTS_BESIDE
    if beside:
        table.add_column("outputs", overflow="fold")
    for one in tried:
        style = "bold" if one.verdict == "faster" else "dim"
        outputs = plain(shorten(recipe_words.outputs(one), _REASON, placeholder=" …"), "dim")
        title = plain(one.title, style)
        table.add_row(
            title if beside else Text.assemble(title, "\n", ("outputs ", "dim"), outputs),
            recipe_words.now_then(one),
            plain(recipe_words.speedup(one), style),
            *([outputs] if beside else []),
        )
    console.print(table)
    best = best_of(report.comparisons)
    if best is not None:
        console.print()
        wrapped(console, recipe_words.recommendation(best), "dim")
        _print_code(best, console)
    for one in recipe_words.faster_besides(report.comparisons):
        console.print()
        wrapped(console, recipe_words.recommendation(one), "dim")
        _print_code(one, console)
    for line in recipe_words.scaling_lines(report):
        console.print(plain(line))
    for reason, titles in recipe_words.not_tried(report.comparisons):
        wrapped(console, f"not tried: {', '.join(titles)} ({reason})", "dim")


def _print_code(one: Comparison, console: Console) -> None:
    for line in one.code.splitlines():
        console.print(plain(f"    {line}"), soft_wrap=True)


def print_findings(report: ReportContent, console: Console, with_checked: bool = True) -> None:
    """Prints the causes; ``with_checked`` also those ruled out, and those that could not be judged."""
    if not report.findings:
        return
    console.print()
    causes = finding_words.found(report)
    if causes:
        console.print(plain("why", "bold"))
    for place, finding in enumerate(causes, 1):
        marked(console, f"{place}. ", f"{finding.title}  [{finding.rule}]", "bold", "bold")
        details = [finding_words.cost_text(finding), finding.sure, finding.where and f"at {finding.where}"]
        details += finding.evidence
        details.append(finding.advice and f"what helps: {finding.advice}")
        fix = finding_words.fixes_text(finding, report.comparisons)
        details.append(fix and f"changes that may help: {fix}")
        for line in details:
            if line:
                indented(console, line, by=3)
    if not causes:
        console.print(plain(finding_words.nothing_found(report)))
    for line in [finding_words.not_found_text(report), *finding_words.cannot_tell_lines(report)]:
        if line and with_checked:
            wrapped(console, line, "dim")


def phase_table(report: ReportContent, width: int) -> Table:
    """The phases of a call, as wide as ``width`` allows."""
    table = figures_table(["phase", "ms", "share", "per call"])
    room = width - _FIGURES_WIDTH
    if room >= _LEAST_WIDTH:
        table.add_column("mostly in", no_wrap=True)
    for phase in report.attribution.phases:
        count = f"{number(phase.count_per_call)}×" if phase.count_per_call else ""
        row: list[str | Text] = [
            plain(phase.phase),
            milliseconds(phase.self_ns),
            percent(phase.share),
            count,
        ]
        if room >= _LEAST_WIDTH:
            # Cut here, since a table that must shrink would shrink the figures too.
            internals = plain(report_words.phase_internals(report, phase))
            internals.truncate(room, overflow="ellipsis")
            row.append(internals)
        table.add_row(*row)
    table.add_section()
    table.add_row("total", milliseconds(report.attribution.total_ns), "100%")
    return table


def _internals_table(report: ReportContent) -> Table:
    table = figures_table(["Keras and TensorFlow internals, with callees", "ms", "share", "per call"])
    for one in report.attribution.internals[:_INTERNALS]:
        table.add_row(
            plain(report_words.short_name(one.qualname)),
            milliseconds(one.total_ns),
            percent(one.total_share),
            f"{number(one.count_per_call)}×",
        )
    return table


def _layers_table(report: ReportContent) -> Table:
    where = "on devices" if report.attribution.devices else "on all threads"
    table = figures_table([f"layers, by kernel time {where}", "ms", "share of kernels"])
    table.add_column("ops", overflow="fold")
    for one in report.attribution.layers[:_LAYERS]:
        table.add_row(
            plain(f"{one.layer} ({one.layer_class})"),
            milliseconds(one.self_ns),
            percent(one.share),
            plain(", ".join(one.ops[:3])),
        )
    return table

"""The report of a workload for a terminal."""

from __future__ import annotations

from textwrap import shorten

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...analysis.comparisons.verdicts import best_of
from ...model.report import ReportContent
from ...number_words import milliseconds, percent
from ..terminal import figures_table, indented, marked, plain, wrapped
from ..words import environment_words, finding_words, recipe_words, report_words

#: Internals in the inclusive view.
_INTERNALS = 12
_LAYERS = 6
#: Characters of a reason: a framework's error may be a page long. Other formats show all of it.
_REASON = 120
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
    table.add_column("now → then, ms", no_wrap=True, justify="right")
    table.add_column("speed-up (99% CI)", no_wrap=True)
    table.add_column("outputs", overflow="fold")
    for one in tried:
        style = "bold" if one.verdict == "faster" else "dim"
        table.add_row(
            plain(one.title, style),
            recipe_words.now_then(one),
            plain(recipe_words.speedup(one), style),
            plain(shorten(recipe_words.outputs(one), _REASON, placeholder=" …"), "dim"),
        )
    console.print(table)
    best = best_of(report.comparisons)
    if best is not None:
        console.print()
        console.print(plain(recipe_words.recommendation(best), "dim"))
        for line in best.code.splitlines():
            console.print(plain(f"    {line}"), soft_wrap=True)
    others = recipe_words.others(report.comparisons)
    if others:
        console.print(plain(others))
    for line in recipe_words.scaling_lines(report):
        console.print(plain(line))
    for reason, titles in recipe_words.not_tried(report.comparisons):
        wrapped(console, f"not tried: {', '.join(titles)} ({reason})", "dim")


def print_findings(report: ReportContent, console: Console, with_checked: bool = True) -> None:
    """Prints the causes; ``with_checked`` also those ruled out, and those that could not be judged."""
    if not report.findings:
        return
    console.print()
    causes = finding_words.found(report)
    if causes:
        console.print(plain("why", "bold"))
    for number, finding in enumerate(causes, 1):
        marked(console, f"{number}. ", f"{finding.title}  [{finding.rule}]", "bold", "bold")
        details = [finding_words.cost_text(finding), finding.sure, finding.where and f"at {finding.where}"]
        details += finding.evidence
        fix = finding_words.fixes_text(finding, report.comparisons)
        details.append(fix and f"fixes it: {fix}")
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
        count = f"{phase.count_per_call:.3g}×" if phase.count_per_call else ""
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
            f"{one.count_per_call:.3g}×",
        )
    return table


def _layers_table(report: ReportContent) -> Table:
    table = figures_table(["layers, by kernel time on all threads", "ms", "share of kernels"])
    table.add_column("ops", overflow="fold")
    for one in report.attribution.layers[:_LAYERS]:
        table.add_row(
            plain(f"{one.layer} ({one.layer_class})"),
            milliseconds(one.self_ns),
            percent(one.share),
            plain(", ".join(one.ops[:3])),
        )
    return table

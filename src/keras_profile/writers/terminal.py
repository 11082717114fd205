"""The report for a terminal."""
from __future__ import annotations

import io

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..model.report import ReportContent
from . import words

#: Internals in the inclusive view.
_INTERNALS = 12
_LAYERS = 6
#: Columns that the phase table needs for all but its last, and those that this is worth.
_FIGURES_WIDTH, _LEAST_WIDTH = 54, 9


def print_report(report: ReportContent, console: Console) -> None:
    """Prints ``report`` to ``console``, which decides about colour and width."""
    console.print(_text(words.headline(report), "bold"))
    console.print(Text(f"{words.percent(report.attribution.model_share)} of it runs your model"), end="\n\n")
    console.print(_phase_table(report, console.width))
    if report.attribution.internals:
        console.print()
        console.print(_internals_table(report))
    if report.attribution.layers:
        console.print()
        console.print(_layers_table(report))
    console.print()
    console.print(_text(words.calls_text(report)))
    console.print(_text(f"each capture against bare calls: {words.captures_text(report)}", "dim"))
    console.print(_text(words.environment_text(report), "dim"))
    for note in report.notes:
        console.print(_text(f"note: {note}", "yellow"))


def report_text(report: ReportContent, width: int = 100) -> str:
    """The report as plain text."""
    buffer = io.StringIO()
    print_report(report, Console(file=buffer, width=width, color_system=None, force_terminal=False))
    return buffer.getvalue()


def _text(text: str, style: str = "") -> Text:
    """Words from a recording as they stand, which rich would else take for its markup."""
    return Text(words.printable(text), style)


def _new_table() -> Table:
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")


def _phase_table(report: ReportContent, width: int) -> Table:
    table = _new_table()
    table.add_column("phase", overflow="fold")
    for title in ("ms", "share", "a call"):
        table.add_column(title, justify="right", no_wrap=True)
    room = width - _FIGURES_WIDTH
    if room >= _LEAST_WIDTH:
        table.add_column("mostly in", no_wrap=True)
    for phase in report.attribution.phases:
        count = f"{phase.count_per_call:.3g}×" if phase.count_per_call else ""
        row: list[str | Text] = [
            _text(phase.phase), words.milliseconds(phase.self_ns), words.percent(phase.share), count]
        if room >= _LEAST_WIDTH:
            # Cut here, since a table that must shrink takes it from the figures too.
            internals = _text(words.phase_internals(report, phase))
            internals.truncate(room, overflow="ellipsis")
            row.append(internals)
        table.add_row(*row)
    table.add_section()
    table.add_row("total", words.milliseconds(report.attribution.total_ns), "100%")
    return table


def _internals_table(report: ReportContent) -> Table:
    table = _new_table()
    table.add_column("Keras and TensorFlow internals, with what they call", overflow="fold")
    table.add_column("ms", justify="right", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    table.add_column("a call", justify="right", no_wrap=True)
    for one in report.attribution.internals[:_INTERNALS]:
        table.add_row(
            _text(words.short_name(one.qualname)), words.milliseconds(one.total_ns),
            words.percent(one.total_share), f"{one.count_per_call:.3g}×")
    return table


def _layers_table(report: ReportContent) -> Table:
    table = _new_table()
    table.add_column("layers, by the time of their kernels on all threads", overflow="fold")
    table.add_column("ms", justify="right", no_wrap=True)
    table.add_column("share of kernels", justify="right", no_wrap=True)
    table.add_column("ops", overflow="fold")
    for one in report.attribution.layers[:_LAYERS]:
        table.add_row(
            _text(f"{one.layer} ({one.layer_class})"), words.milliseconds(one.self_ns),
            words.percent(one.share), _text(", ".join(one.ops[:3])))
    return table

"""The answer of a report on one screen: how slow, why, what to change it to, with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ...analysis.attribution.vocabulary import PHASES
from ...analysis.comparisons.verdicts import best_of
from ...model.devices import busiest
from ...model.report import Comparison, PhaseShare, ReportContent
from ...number_words import milliseconds, percent, plural
from ..terminal import indented, marked, plain
from ..words import finding_words, recipe_words, report_words
from ..words.device_words import busy_line

#: The most shown of each; the page and ``--full`` have the rest.
MOST_CAUSES, MOST_PHASES, MOST_CHANGES, MOST_CODE_LINES, MOST_NOTES = 3, 6, 5, 8, 2
#: A phase with less has no row.
_LEAST_PHASE = 0.01
#: Columns of the bar, in which each phase has its own sign and colour.
_BAR = 60
_SIGNS = "█▓▒░▚·"
_STYLES = ("cyan", "magenta", "yellow", "blue", "green", "white")


def print_to(report: ReportContent, console: Console) -> None:
    """Prints the answer of ``report`` to ``console``, which determines colour and width."""
    console.print(plain(report_words.headline(report), "bold"))
    if report_words.is_attributed(report):
        console.print(plain(_model_line(report)))
    print_change(report.comparisons, console)
    print_causes(report, console)
    if report_words.is_attributed(report):
        console.print()
        console.print(plain("where the time of a call goes", "bold"))
        print_phases(report.attribution.phases, console)
        layers = report_words.layers_text(report)
        if layers:
            indented(console, f"the model's kernels: {layers}")
        if report.attribution.devices:
            indented(console, busy_line(busiest(report.attribution.devices), "a traced call"))
    print_other_changes(report.comparisons, console)
    for note in report.notes[:MOST_NOTES]:
        marked(console, "note: ", note, "yellow", "yellow")


def _model_line(report: ReportContent) -> str:
    best = best_of(report.comparisons)
    could = "" if best is None or best.after_ns is None else f", could take {milliseconds(best.after_ns)} ms"
    return f"{report_words.model_text(report)}{could}"


def print_change(comparisons: Sequence[Comparison], console: Console) -> None:
    """Prints the recommended change and its gain, or that no change is surely faster."""
    best = best_of(comparisons)
    console.print()
    if best is None:
        console.print(plain(_no_change(comparisons), "bold"))
        return
    console.print(plain("change it to", "bold"))
    print_code(best, console)
    indented(console, recipe_words.gain(best), "green")


def _no_change(comparisons: Sequence[Comparison]) -> str:
    measured = sum(one.speedup is not None for one in comparisons)
    if not measured:
        return "no change was tried"
    return f"no change is surely faster, of {measured} measured"


def print_code(best: Comparison, console: Console, by: int = 4) -> None:
    """Prints the code of a change, ready to paste: only its first lines if there are many."""
    lines = best.code.splitlines()
    for line in lines[:MOST_CODE_LINES]:
        console.print(plain(" " * by + line), soft_wrap=True)
    if len(lines) > MOST_CODE_LINES:
        rest = plural(len(lines) - MOST_CODE_LINES, "more line")
        console.print(plain(f"{' ' * by}… {rest}, all in report.md", "dim"))


def print_causes(report: ReportContent, console: Console) -> None:
    """Prints why it is slow: the most expensive causes, a sentence each."""
    causes = finding_words.found(report)
    console.print()
    if not causes:
        console.print(plain(finding_words.nothing_found(report), "bold"))
        return
    console.print(plain("why it is slow", "bold"))
    for number, cause in enumerate(causes[:MOST_CAUSES], 1):
        indented(console, f"{number}. {cause.title}")
    advice = finding_words.advice_without_change(report)
    if advice:
        marked(console, "  what helps: ", advice)
    rest = len(causes) - MOST_CAUSES
    if rest > 0:
        indented(console, f"and {plural(rest, 'smaller cause')}", "dim")


def print_phases(phases: Sequence[PhaseShare], console: Console, rows: int = MOST_PHASES) -> None:
    """Prints a bar of the phases, if the terminal can draw one, and a row for each of the largest."""
    shown = [one for one in phases if one.share >= _LEAST_PHASE][:rows]
    if console.is_terminal:
        console.print(Padding(_bar(shown), (0, 0, 0, 2), expand=False))
    width = max((len(one.phase) for one in shown), default=0)
    for number, one in enumerate(shown):
        line = Text("  ")
        if console.is_terminal:
            line.append(f"{_SIGNS[number % len(_SIGNS)]} ", _STYLES[number % len(_STYLES)])
        line.append(f"{one.phase:{width}}{milliseconds(one.self_ns):>9} ms {percent(one.share):>6}  ")
        line.append(PHASES.get(one.phase, ""), "dim")
        line.truncate(console.width, overflow="ellipsis")
        console.print(line, no_wrap=True)
    rest = [one for one in phases if one.self_ns and one not in shown]
    if rest:
        together = percent(sum(one.share for one in rest))
        console.print(plain(f"  {plural(len(rest), 'smaller phase')}, {together} together", "dim"))


def _bar(shown: Iterable[PhaseShare]) -> Text:
    bar, end = Text(), 0.0
    for number, one in enumerate(shown):
        begin, end = end, end + one.share
        columns = round(_BAR * end) - round(_BAR * begin)
        bar.append(_SIGNS[number % len(_SIGNS)] * columns, _STYLES[number % len(_STYLES)])
    return bar


def print_other_changes(comparisons: Sequence[Comparison], console: Console) -> None:
    """Prints other faster changes, a line each, and how many changes are not faster."""
    others = recipe_words.faster_besides(comparisons)
    lines = [f"{recipe_words.speedup(one)}  {one.title}{_beside(one)}" for one in others[:MOST_CHANGES]]
    left = recipe_words.left_out(comparisons, len(others) - len(lines))
    if not lines and not left:
        return
    console.print()
    if lines:
        console.print(plain("also faster", "bold"))
    for line in lines:
        indented(console, line)
    if left:
        console.print(plain(f"  {left}" if lines else left, "dim"))


def _beside(one: Comparison) -> str:
    parts = [one.condition] if one.condition else []
    if one.approximate:
        parts.append("alters results")
    return f" ({'; '.join(parts)})" if parts else ""

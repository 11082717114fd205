"""A comparison on a terminal: one screen, or everything."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ...analysis.differences.headline import signed
from ...model.comparison import ComparisonContent, PhaseDifference
from ...number_words import milliseconds, plural
from ..terminal import figures_table, indented, marked, plain, wrapped
from . import words

#: The most shown on one screen.
_MOST_PHASES, _MOST_INTERNALS, _MOST_COUNTS, _MOST_FINDINGS, _MOST_NOTES = 6, 5, 4, 3, 3
_STYLES = {"slower": "red", "faster": "green", "no_difference": "dim", "cannot_tell": "dim", "indication": ""}


def print_to(content: ComparisonContent, console: Console, full: bool = False) -> None:
    """Prints the answer to ``console``; all of it if ``full``."""
    console.print(plain(content.headline, "bold"))
    for line in words.sides(content):
        console.print(plain(line))
    _print_phases(content, console, full)
    _print_why(content, console, full)
    console.print()
    wrapped(console, words.outputs(content.outputs))
    if full and words.cpu(content):
        console.print(plain(words.cpu(content)))
    notes = content.notes if full else content.notes[:_MOST_NOTES]
    for note in notes:
        marked(console, "note: ", note, "yellow", "yellow")


def _print_phases(content: ComparisonContent, console: Console, full: bool) -> None:
    differing = [one for one in content.phases if one.verdict != "no_difference"]
    shown = content.phases if full else differing[:_MOST_PHASES]
    console.print()
    if not shown:
        console.print(plain("no phase differs", "bold"))
        return
    console.print(plain("where the difference is, in ms a call", "bold"))
    table = figures_table(("phase", "before", "after", "difference", "99% CI", ""))
    for one in shown:
        table.add_row(*_cells(one))
    rest = [one for one in content.phases if one not in shown]
    if rest:
        together = words.signed_ms(sum(one.difference_ns for one in rest))
        table.add_row(Text(plural(len(rest), "other phase"), "dim"), "", "", Text(together, "dim"), "", "")
    console.print(table)


def _cells(one: PhaseDifference) -> list[Text]:
    style = _STYLES[one.verdict]
    return [
        Text(one.phase),
        Text(milliseconds(one.before_ns)),
        Text(milliseconds(one.after_ns)),
        Text(words.signed_ms(one.difference_ns), style),
        Text(words.interval(one), "dim"),
        Text("" if one.verdict == "indication" else words.VERDICTS[one.verdict], style),
    ]


def _print_why(content: ComparisonContent, console: Console, full: bool) -> None:
    """Prints what runs more or less often, what is counted, and findings that changed."""
    counts = words.changed_counts(content)
    lines = [words.finding(one) for one in content.findings[: None if full else _MOST_FINDINGS]]
    lines += [words.count(one) for one in counts[: None if full else _MOST_COUNTS]]
    if lines:
        console.print()
        console.print(plain("what changed", "bold"))
        for line in lines:
            indented(console, line)
    internals = content.internals if full else content.internals[:_MOST_INTERNALS]
    if internals:
        console.print()
        console.print(plain("internals that run more or less often", "bold"))
        table = figures_table(("internal", "calls", "time", "phase"))
        for one in internals:
            table.add_row(Text(one.qualname), words.internal(one), signed(one.difference_ns), one.phase)
        console.print(table)
        left = len(content.internals) - len(internals)
        if left:
            console.print(plain(f"  and {plural(left, 'other')}, in the page and comparison.md", "dim"))
    for recipe in content.recipes:
        gains = [f"{gain:.3g}×" if gain else "?" for gain in (recipe.before_speedup, recipe.after_speedup)]
        indented(console, f"{recipe.title} gains {gains[1]}, it gained {gains[0]}")

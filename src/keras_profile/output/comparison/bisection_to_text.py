"""Since when a call is slower or faster, on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ...model.bisection import BisectionContent, BisectionStep
from ...number_words import multiple, plural
from ..terminal import figures_table, plain, wrapped
from . import to_terminal


def print_to(content: BisectionContent, console: Console, full: bool = False) -> None:
    """Prints the answer, what was measured, and what differs between the two neighbours."""
    wrapped(console, content.headline, "bold", by=0)
    console.print()
    console.print(plain(f"{plural(len(content.steps), 'state')} measured, of {content.states}", "bold"))
    table = figures_table(("state", "against the good one", ""))
    for step in content.steps:
        table.add_row(
            Text(step.state), "" if step.ratio is None else multiple(step.ratio), Text(_answer(step))
        )
    console.print(table)
    for step in content.steps:
        if step.reason:
            wrapped(console, f"{step.state}: {step.reason}", "yellow")
    console.print()
    to_terminal.print_to(content.comparison, console, full)


def _answer(step: BisectionStep) -> str:
    if step.changed is None:
        return "not measured" if step.ratio is None else "not clear"
    return "changed" if step.changed else "as good"

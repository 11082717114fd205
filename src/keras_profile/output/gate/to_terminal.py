"""What a gate found, on a terminal: a line for each call, and what grew."""

from __future__ import annotations

from rich.console import Console

from ...model.gate import GateAnswer, GateContent, GateResult
from ...number_words import percent
from ..terminal import indented, marked, plain

#: The most counts that are listed for a call; ``--json`` has all.
_MOST = 8
#: Answers in words, and how they are shown.
WORDS: dict[GateAnswer, str] = {
    "passed": "passed",
    "regressed": "regressed",
    "inconclusive": "not known",
    "unsteady": "machine too unsteady",
    "failed": "not measured",
}
_STYLES: dict[GateAnswer, str] = {
    "passed": "green",
    "regressed": "red",
    "inconclusive": "yellow",
    "unsteady": "yellow",
    "failed": "red",
}


def print_to(content: GateContent, console: Console) -> None:
    """Prints the answer to ``console``."""
    console.print(plain(title(content), f"bold {_STYLES[content.answer]}"))
    for result in content.results:
        console.print()
        console.print(plain(f"{result.name}: {WORDS[result.answer]}", _STYLES[result.answer]))
        indented(console, result.headline)
        _print_counts(result, console)
        if result.time is not None and result.time.comparison:
            indented(console, f"comparison  {result.time.comparison}", "dim")


def title(content: GateContent) -> str:
    """The answer for all calls, in a few words."""
    base = f" against {content.base}, {percent(content.margin)} allowed" if content.base else ""
    return f"gate{base}: {WORDS[content.answer]} (exit code {content.exit_code})"


def _print_counts(result: GateResult, console: Console) -> None:
    if result.counts is None:
        return
    for line in result.counts.more[:_MOST]:
        indented(console, f"+ {line}", "red")
    if len(result.counts.more) > _MOST:
        indented(console, f"and {len(result.counts.more) - _MOST} more: --json has all", "dim")
    for line in result.counts.fewer[:_MOST]:
        indented(console, f"- {line}", "green")
    for note in result.counts.notes:
        marked(console, "  note: ", note, "yellow", "yellow")

"""The comparison of two programs, on a terminal and as Markdown."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ...analysis.differences.headline import signed
from ...model.comparison import ComparedLine, ProgramComparisonContent
from ...number_words import duration
from ..markdown import escape, table
from ..terminal import figures_table, marked, plain, wrapped
from . import to_markdown, to_terminal

HEADER = ("line", "calls", "before", "after", "a call")


def print_to(content: ProgramComparisonContent, console: Console, full: bool = False) -> None:
    """Prints the lines, and what differs in the one with the largest difference; if ``full``, in all."""
    wrapped(console, content.headline, "bold", by=0)
    console.print()
    rows = figures_table(HEADER)
    for one in content.lines:
        name, *figures = cells(one)
        rows.add_row(Text(name), *figures)
    console.print(rows)
    for line in only_in_one(content):
        wrapped(console, line)
    shown = [one for one in content.lines if one.comparison is not None]
    for one in shown if full else shown[:1]:
        assert one.comparison is not None
        console.print()
        console.print(plain(one.name, "bold"))
        to_terminal.print_to(one.comparison, console, full)
    for note in content.notes:
        marked(console, "note: ", note, "yellow", "yellow")


def render(content: ProgramComparisonContent) -> str:
    """The same as Markdown, with all lines."""
    parts = [f"# {escape(content.headline)}", table(HEADER, "lrrrr", [cells(one) for one in content.lines])]
    only = only_in_one(content)
    if only or content.notes:
        parts.append("\n".join(f"- {escape(line)}" for line in [*only, *content.notes]))
    for one in content.lines:
        if one.comparison is not None:
            text = to_markdown.render(one.comparison).rstrip()
            parts.append(f"## {escape(one.name)}\n\n" + text.replace("\n## ", "\n### ").removeprefix("# "))
    return "\n\n".join(parts) + "\n"


def cells(one: ComparedLine) -> list[str]:
    """The row of a line below :data:`HEADER`."""
    moved = "" if one.before_line == one.after_line else f" (was line {one.before_line})"
    calls = f"{one.before_calls:,}" + (
        "" if one.before_calls == one.after_calls else f" → {one.after_calls:,}"
    )
    a_call = one.reason if one.comparison is None else signed(one.comparison.total.difference_ns)
    return [one.name + moved, calls, duration(one.before_ns), duration(one.after_ns), a_call]


def only_in_one(content: ProgramComparisonContent) -> list[str]:
    """Sentences about lines that only one of the programs has."""
    found = []
    for label, names in zip(content.labels, (content.only_before, content.only_after)):
        if names:
            found.append(f"only in {label}: {', '.join(names)}")
    return found

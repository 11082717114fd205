"""A checkup for a terminal: a line per check, and below it what to do."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from ...output.terminal import indented, plain
from .checkup import FAILS, NOT_CHECKED, OK, WARNING, Checkup, Status

_STYLES: dict[Status, str] = {OK: "green", NOT_CHECKED: "dim", WARNING: "yellow", FAILS: "bold red"}

#: Widths of the columns for status and check, by which the text below a line is indented.
_STATUS, _CHECK = max(map(len, _STYLES)), 18


def print_checkup(checkup: Checkup, console: Console) -> None:
    """Prints all lines, and the result."""
    if checkup.said:
        for said in checkup.said.splitlines():
            console.print(plain(said, "dim"), soft_wrap=True)
        console.print()
    console.print(plain(f"checking {checkup.interpreter}", "bold"), soft_wrap=True, end="\n\n")
    for line in checkup.lines:
        row = Table(box=None, show_header=False, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
        row.add_column(width=_STATUS, no_wrap=True)
        row.add_column(width=_CHECK, no_wrap=True)
        row.add_column(overflow="fold")
        row.add_row(plain(line.status, _STYLES[line.status]), plain(line.check), plain(line.text))
        console.print(row)
        indent = _STATUS + 2
        if line.advice:
            indented(console, line.advice, by=indent)
        if line.command:  # it will be copied, so it stays on one line
            console.print(plain(" " * indent + line.command, "bold"), soft_wrap=True)
    console.print()
    console.print(plain(summary(checkup), "bold"))


def summary(checkup: Checkup) -> str:
    """Returns the result, in a sentence."""
    count = {status: sum(line.status == status for line in checkup.lines) for status in _STYLES}
    words: dict[Status, str] = {
        FAILS: "failed",
        WARNING: "with a warning",
        NOT_CHECKED: "not checked",
    }
    parts = [f"{count[status]} {text}" for status, text in words.items() if count[status]]
    return f"{len(checkup.lines)} checks: {', '.join(parts) or 'all passed'}"

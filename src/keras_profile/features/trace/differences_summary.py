"""Prints what differs between the steps of two traces, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from ...analysis.differences.headline import signed
from ...number_words import milliseconds, multiple
from ...output.terminal import figures_table, marked, plain
from .trace_differences import PartDifference, TraceDifferences

#: How many rows of each table are shown without ``--full``, and how many phases the first line names.
_ROWS, _NAMED = 8, 3
#: What has less of the largest difference is not named in the first line.
_WORTH_NAMING = 0.1


def print_differences(found: TraceDifferences, console: Console, full: bool) -> None:
    """Prints the difference of a step, and where it is; ``full`` prints all rows."""
    console.print(plain(_headline(found), "bold"))
    console.print(plain(f"before: {found.before}", "dim"), soft_wrap=True)
    console.print(plain(f"after:  {found.after}", "dim"), soft_wrap=True)
    for title, rows, total in (
        ("phase", found.phases, found.step),
        ("kernels by op, on host threads", found.kernels, None),
        ("busy device", found.busy, None),
    ):
        if rows:
            console.print()
            _print_table(title, rows, total, console, full)
    marked(
        console,
        "note: ",
        "the traces were recorded at different times, so this is an indication only: keras-profile compare "
        "measures both in turn",
        "yellow",
        "yellow",
    )


def _headline(found: TraceDifferences) -> str:
    step = found.step
    largest = max((abs(one.difference_ns) for one in found.phases), default=0)
    named = [
        f"{one.name} {signed(one.difference_ns)}"
        for one in found.phases[:_NAMED]
        if one.difference_ns and abs(one.difference_ns) >= _WORTH_NAMING * largest
    ]
    if not step.difference_ns:
        return f"a step takes as long as before: {milliseconds(step.after_ns)} ms"
    ratio = f" ({multiple(step.after_ns / step.before_ns)})" if step.before_ns else ""
    return f"a step takes {signed(step.difference_ns)}{ratio}: {', '.join(named)}"


def _print_table(
    title: str,
    rows: Sequence[PartDifference],
    total: PartDifference | None,
    console: Console,
    full: bool,
) -> None:
    shown = rows if full else rows[:_ROWS]
    has_interval = any(one.difference_ci95_ns for one in rows)
    table = figures_table(
        [title, "before ms", "after ms", "difference", *(["95% CI, medians"] if has_interval else [])]
    )
    for one in [*shown, *_together(rows[len(shown) :])]:
        _add(table, one, has_interval)
    if total is not None:
        table.add_section()
        _add(table, total, has_interval)
    console.print(table)


def _together(rest: Sequence[PartDifference]) -> list[PartDifference]:
    """One row for those that have none of their own, so that the column still sums to the total."""
    if not rest:
        return []
    before, after = sum(one.before_ns for one in rest), sum(one.after_ns for one in rest)
    return [PartDifference(f"{len(rest)} more", before, after, after - before)]


def _add(table: Table, one: PartDifference, has_interval: bool) -> None:
    interval = one.difference_ci95_ns
    between = "" if interval is None else f"{signed(interval[0])} to {signed(interval[1])}"
    table.add_row(
        plain(one.name),
        milliseconds(one.before_ns),
        milliseconds(one.after_ns),
        signed(one.difference_ns),
        *([between] if has_interval else []),
    )

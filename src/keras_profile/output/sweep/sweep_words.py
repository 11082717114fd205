"""Sentences about a sweep, which the terminal and the page share."""

from __future__ import annotations

from collections.abc import Sequence

from ...model.sweep import (
    FACTORS,
    BestConfiguration,
    CellSettings,
    CrossoverMap,
    Factor,
    LevelEffect,
    SweepContent,
)
from ...number_words import milliseconds, multiple, percent, plural

#: What the goals are called.
GOALS = {"latency": "shortest call", "throughput": "most rows/s"}


def settings(one: CellSettings, *, with_model: bool = False) -> str:
    """The levels of a cell, without those that are as the machine has them.

    >>> settings(CellSettings("m.keras", "call", 8, threads=2))
    'call, 8 rows, 2 threads'
    """
    words = [text for factor in FACTORS if (text := _level(factor, one))]
    return ", ".join(words if with_model else words[1:])


def beside(one: CellSettings, other: CellSettings) -> str:
    """The levels of ``one`` that are not those of ``other``.

    >>> beside(CellSettings("m.keras", "call", 8, threads=2), CellSettings("m.keras", "call", 1, threads=2))
    '8 rows'
    >>> beside(CellSettings("m.keras", "call", 8), CellSettings("m.keras", "call", 8, threads=2))
    'default threads'
    """
    differ = [factor for factor in FACTORS if getattr(one, factor) != getattr(other, factor)]
    return ", ".join(_level(factor, one) or f"default {factor}".replace("_", " ") for factor in differ)


def _level(factor: Factor, one: CellSettings) -> str:
    """A level; empty if it is as the machine has it."""
    if factor == "rows":
        return plural(one.rows, "row")
    if factor == "threads":
        return plural(one.threads, "thread") if one.threads else ""
    if factor == "batch_size":
        return f"batch size {one.batch_size}" if one.batch_size else ""
    if factor == "environment":
        return ", ".join(f"{name}={value}" for name, value in one.environment.items())
    return str(getattr(one, factor) or "")


def basis(content: SweepContent) -> str:
    """What the figures are compared by, and how much noise there is."""
    repeats = content.repeats
    if content.basis == "one_machine":
        where = "all on one machine"
    else:
        names = ", ".join(machine.name for machine in content.machines[:3])
        where = f"on {len(content.machines)} machines ({names}), compared by their reference calls"
    if repeats.largest is None:
        same = "no cell was measured twice"
    else:
        most = percent(repeats.largest) if repeats.largest < 1 else f"{1 + repeats.largest:.3g} times"
        same = f"the same cell twice differs by at most {most} ({plural(repeats.pairs, 'pair')})"
    return f"{where}; {same}; intervals are of 99%"


def milliseconds_between(interval: tuple[int, int]) -> str:
    """An interval of a call.

    >>> milliseconds_between((1_000_000, 1_200_000))
    '1.00–1.20'
    """
    return f"{milliseconds(interval[0])}–{milliseconds(interval[1])}"


def rows_per_second(value: float) -> str:
    """
    >>> rows_per_second(1234567.0), rows_per_second(12.34)
    ('1,230,000 rows/s', '12.3 rows/s')
    """
    return f"{float(f'{value:.3g}'):,.0f} rows/s" if value >= 100 else f"{value:.3g} rows/s"


def best(one: BestConfiguration) -> str:
    """A best configuration, with those that may be as good and the next one."""
    figures = f"{milliseconds(one.median_ns)} ms ({milliseconds_between(one.interval_ns)})"
    if one.goal == "throughput":
        figures = f"{rows_per_second(one.rows_per_second)}, {figures} a call"
    text = f"{figures}: {settings(one.settings)}"
    if one.tied_with:
        first = beside(one.tied_with[0].settings, one.settings)
        others = len(one.tied_with) - 1
        text += f"; tied with {first}" + (f" and {plural(others, 'other')}" if others else "")
    if one.next is not None:
        ratio = multiple(one.next.ratio, one.next.ratio_ci99)
        what = "as long" if one.goal == "latency" else "as long a row"
        text += f"; next {beside(one.next.settings, one.settings)}: {ratio} {what}"
    return text


def effect(one: LevelEffect) -> str:
    """What a level changes."""
    text = f"{one.level} instead of {one.against}: {multiple(one.ratio, one.ratio_ci99)}"
    if one.pairs > 1:
        text += f", {one.lowest:.3g}–{one.highest:.3g} in {one.pairs} pairs"
    return text


def map_with(name: str, maps: Sequence[CrossoverMap]) -> CrossoverMap | None:
    """The map that has the cell of this name."""
    return next(
        (one for one in maps if any(place.name == name and name for row in one.rows for place in row.places)),
        None,
    )


def failures(content: SweepContent) -> str:
    """How many cells failed, and why the first did; empty if none did."""
    failed = [cell for cell in content.cells if cell.state == "failed"]
    if not failed:
        return ""
    first = failed[0]
    return f"{settings(first.settings, with_model=True)}: {first.reason}" + (
        f"; and {plural(len(failed) - 1, 'other')}" if len(failed) > 1 else ""
    )


def left_alone(content: SweepContent) -> str:
    """That the folder has cells of other plans."""
    count = len(content.left_alone)
    are = "is" if count == 1 else "are"
    return f"{plural(count, 'measurement')} in the folder, not of this plan, {are} left alone"

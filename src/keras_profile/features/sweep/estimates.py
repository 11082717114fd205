"""How long a call of each cell takes, and how surely, so that any two cells can be compared.

An estimate is a logarithm with half of its 99% interval, which has three parts:

- the calls of the process, as its report gives them;
- what differs from process to process: by the A/A cells and what is usual, or by the reference call from
  cell to cell, whichever is larger;
- if cells of several machines are compared, how far the reference call corrects for the machine.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...analysis.intervals import student_t
from ...model.report import WarmCalls
from ...model.sweep import CellFile, CellMachine, SweepMachine, SweepRepeats
from ...number_words import percent
from .cell_store import StoredCell
from .grid import Cell

#: Standard deviations on each side of a 95% and of a 99% interval.
_Z95, _Z99 = 1.960, 2.576
#: Above this standard deviation from process to process, most cells are tied.
_UNSTEADY = 0.15
#: What processes differ by on a machine that is shared, as a standard deviation, and the A/A cells that this
#: weighs as much as: a few of those may be alike by luck, and cells of other processes are not.
_USUAL, _WEIGHT = 0.05, 4
#: What a correction for another machine is uncertain by, in standard deviations: half of the correction, and
#: this at least, since a reference call is not the model.
_LEAST_CORRECTION = 0.05


@dataclass(frozen=True)
class Estimate:
    """The logarithm of a time in ns, and half of its 99% interval."""

    log: float
    half: float

    @property
    def ns(self) -> int:
        """The time."""
        return round(math.exp(self.log))

    @property
    def interval_ns(self) -> tuple[int, int]:
        """Its interval."""
        return round(math.exp(self.log - self.half)), round(math.exp(self.log + self.half))


@dataclass(frozen=True)
class Ratio:
    """One time divided by another, with its 99% interval."""

    value: float
    low: float
    high: float

    @property
    def interval(self) -> tuple[float, float]:
        """Rounded, for writing."""
        return round(self.low, 4), round(self.high, 4)

    @property
    def is_sure(self) -> bool:
        """Whether the two differ."""
        return not self.low <= 1 <= self.high


def ratio(one: Estimate, other: Estimate) -> Ratio:
    """``one`` divided by ``other``.

    >>> ratio(Estimate(math.log(30), 0.0), Estimate(math.log(10), 0.0)).interval
    (3.0, 3.0)
    """
    log, half = one.log - other.log, math.hypot(one.half, other.half)
    return Ratio(math.exp(log), math.exp(log - half), math.exp(log + half))


@dataclass(frozen=True)
class Measured:
    """A cell's measurements together: its estimate, how many calls, on which machines."""

    estimate: Estimate
    calls: int
    machines: list[str]
    measurements: int


@dataclass(frozen=True)
class Estimates:
    """The estimates of all measured cells by their names, and what they were made with."""

    cells: dict[str, Measured]
    machines: list[SweepMachine]
    repeats: SweepRepeats
    notes: list[str]

    @property
    def across_machines(self) -> bool:
        """Whether cells were corrected for their machines."""
        return len(self.machines) > 1


def estimates_of(cells: Sequence[Cell], stored: Mapping[str, StoredCell]) -> Estimates:
    """The estimates of ``cells``, of which those in ``stored`` by their names are done."""
    done = [
        (cell, stored[cell.name].content, calls.warm)
        for cell in cells
        if cell.name in stored and (calls := stored[cell.name].calls) is not None
    ]
    machines, spread = _machines([content for _, content, _ in done])
    first = machines[0] if machines else None
    logs, halves = [], []
    for _, content, warm in done:
        log, half = _own(warm)
        if len(machines) > 1 and first is not None:
            correction = math.log(_reference_ns(content) / first.reference_ns)
            log -= correction
            half = math.hypot(half, _Z99 * max(_LEAST_CORRECTION, abs(correction) / 2))
        logs.append(log)
        halves.append(half)
    groups: dict[str, list[int]] = defaultdict(list)
    for place, (cell, _, _) in enumerate(done):
        groups[cell.first_name].append(place)
    pairs = [abs(logs[places[0]] - logs[places[1]]) for places in groups.values() if len(places) == 2]
    noise, noise_half = _noise(pairs, spread)
    found = {}
    for name, places in groups.items():
        half = math.sqrt(sum(halves[one] ** 2 + noise_half**2 for one in places)) / len(places)
        found[name] = Measured(
            Estimate(sum(logs[one] for one in places) / len(places), half),
            sum(done[one][2].count for one in places),
            sorted({done[one][1].machine.name for one in places}),
            len(places),
        )
    largest = round(math.expm1(max(pairs)), 4) if pairs else None
    repeats = SweepRepeats(len(pairs), largest, round(noise, 4))
    return Estimates(found, machines, repeats, _notes(done, machines, pairs, noise))


def _noise(pairs: Sequence[float], spread: float) -> tuple[float, float]:
    """The standard deviation from process to process, and half of its 99% interval.

    ``pairs`` are differences of A/A cells, ``spread`` is that of the reference call.
    """
    count = _WEIGHT + len(pairs)
    variance = (_WEIGHT * _USUAL**2 + sum(one**2 for one in pairs) / 2) / count
    noise = max(math.sqrt(variance), spread)
    return noise, student_t(count, 0.99) * noise


def _own(warm: WarmCalls) -> tuple[float, float]:
    """The logarithm of the median, and half of the interval of 99% by its calls alone."""
    median = max(1, warm.median_ns)
    low, high = (max(1, bound) for bound in warm.median_ci95_ns)
    half = max(math.log(high / median), math.log(median / low), 0.0)
    return math.log(median), half * _Z99 / _Z95


def _reference_ns(content: CellFile) -> float:
    """The reference call beside a cell: the geometric mean of before and after."""
    return math.sqrt(max(1, content.before.median_ns) * max(1, content.after.median_ns))


def _machines(contents: Iterable[CellFile]) -> tuple[list[SweepMachine], float]:
    """The machines, that with the most cells first; and how much their reference calls differ from cell to
    cell, as a standard deviation of logarithms that a few outliers do not move."""
    by_id: dict[str, list[CellFile]] = defaultdict(list)
    for content in contents:
        by_id[content.machine.id].append(content)
    rows: list[tuple[CellMachine, list[float]]] = [
        (found[0].machine, [math.log(_reference_ns(one)) for one in found]) for found in by_id.values()
    ]
    rows.sort(key=lambda row: (-len(row[1]), row[0].name))
    deviations = [abs(log - float(np.median(logs))) for _, logs in rows for log in logs if len(logs) > 1]
    machines = [
        SweepMachine(
            machine.name,
            machine.cpu_count,
            machine.python,
            len(logs),
            round(math.exp(float(np.median(logs)))),
            round(_spread([abs(log - float(np.median(logs))) for log in logs]), 4),
            round(math.exp(float(np.median(logs)) - float(np.median(rows[0][1]))), 4),
        )
        for machine, logs in rows
    ]
    return machines, _spread(deviations)


def _spread(deviations: Sequence[float]) -> float:
    """A standard deviation by the median of absolute deviations."""
    return 1.4826 * float(np.median(deviations)) if deviations else 0.0


def _notes(
    done: Sequence[tuple[Cell, CellFile, WarmCalls]],
    machines: Sequence[SweepMachine],
    pairs: Sequence[float],
    noise: float,
) -> list[str]:
    notes = []
    if noise > _UNSTEADY:
        notes.append(
            f"the machine is unsteady: equal cells differ by {percent(noise)} from process to process; "
            "measure while nothing else runs, or give more cell_seconds"
        )
    if done and not pairs:
        notes.append("no cell is measured twice yet: how much processes differ here is assumed, not measured")
    if len(machines) > 1:
        notes.append(
            "cells of several machines are compared by their reference calls, so intervals are wider"
        )
        kinds = {(content.machine.python, content.machine.numpy) for _, content, _ in done}
        if len(kinds) > 1:
            notes.append(
                "workers have different versions of Python or numpy, which the reference call measures too"
            )
    return notes

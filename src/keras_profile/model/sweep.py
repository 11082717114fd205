"""A sweep: its plan, its cells on disk, and the content of ``sweep.json``.

Integer nanoseconds; shares as fractions of 1. All intervals are of 99%.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

import msgspec

from .described import says
from .ranges import Count, Nanoseconds
from .recording import Schema

#: Name and version of ``sweep.json``.
#:
#: History: 1 is the first. Keys may be added without a new version.
SWEEP_SCHEMA = Schema("keras_profile.sweep", 1)
#: The same of ``cell.json``, which each cell has beside its report.
CELL_SCHEMA = Schema("keras_profile.sweep_cell", 1)

#: What can be varied, in the order of the documents.
Factor = Literal["model", "entry", "rows", "batch_size", "threads", "interpreter", "environment"]
FACTORS: tuple[Factor, ...] = (
    "model",
    "entry",
    "rows",
    "batch_size",
    "threads",
    "interpreter",
    "environment",
)

#: What is known of a cell; ``waiting``: not measured yet.
CellState = Literal["measured", "failed", "waiting"]
#: What a configuration is best by.
Goal = Literal["latency", "throughput"]
#: How cells are compared: all on one machine, or across machines by their reference calls.
SweepBasis = Literal["one_machine", "by_reference"]

_Positive: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=1 << 40)]
_Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1)]
_Seconds: TypeAlias = Annotated[float, msgspec.Meta(gt=0, lt=1e8)]
_Variables: TypeAlias = dict[str, str]


@dataclass(frozen=True)
class PlanBudget:
    """How long a sweep may take: `[budget]`."""

    seconds: Annotated[
        _Seconds | None, says("seconds for all cells, imports included; absent: as long as they take")
    ] = None
    cell_seconds: Annotated[_Seconds, says("seconds that calls of a cell are measured, 10 by default")] = 10.0


@dataclass(frozen=True)
class PlanGrid:
    """What is varied: `[grid]`. Each key is a factor, with the list of its levels."""

    model: Annotated[list[_Name], says("models, as for `keras-profile profile`")]
    entry: Annotated[list[_Name], says("entry points; `predict` by default")] = field(
        default_factory=lambda: ["predict"]
    )
    rows: Annotated[list[_Positive], says("rows of input; 32 by default")] = field(
        default_factory=lambda: [32]
    )
    batch_size: Annotated[
        list[_Positive], says("`batch_size` of `predict`; other entry points ignore this factor")
    ] = field(default_factory=list)
    threads: Annotated[
        list[_Positive], says("threads of TensorFlow and OpenMP; absent: as the machine has it")
    ] = field(default_factory=list)
    interpreter: Annotated[
        list[_Name], says("interpreters or environments, as for `--python`; absent: this interpreter")
    ] = field(default_factory=list)
    environment: Annotated[
        list[_Variables], says("tables of environment variables; `{}` is the environment as it is")
    ] = field(default_factory=list)


@dataclass(frozen=True)
class PlanExclude:
    """Cells that are left out: `[[exclude]]`. A cell is left out if all keys that are given match it.

    A key has a level of its factor, or a list of levels.
    """

    model: Annotated[_Name | list[_Name] | None, says("a model, or several")] = None
    entry: Annotated[_Name | list[_Name] | None, says("an entry point, or several")] = None
    rows: Annotated[_Positive | list[_Positive] | None, says("rows of input")] = None
    batch_size: Annotated[_Positive | list[_Positive] | None, says("a `batch_size`, or several")] = None
    threads: Annotated[_Positive | list[_Positive] | None, says("a number of threads, or several")] = None
    interpreter: Annotated[_Name | list[_Name] | None, says("an interpreter, or several")] = None
    environment: Annotated[
        _Variables | list[_Variables] | None, says("a table as it is in the grid, or several")
    ] = None


@dataclass(frozen=True)
class PlanFile:
    """The content of a plan."""

    grid: Annotated[PlanGrid, says("what is varied")]
    exclude: Annotated[list[PlanExclude], says("cells that are left out")] = field(default_factory=list)
    budget: Annotated[PlanBudget, says("how long it may take")] = field(default_factory=PlanBudget)
    options: Annotated[
        str, says("more options of the call for all cells, such as `--compile --input rows.npy`")
    ] = ""
    captures: Annotated[list[str], says("which captures a cell takes; `bare` and `spans` by default")] = (
        field(default_factory=lambda: ["bare", "spans"])
    )
    files: Annotated[
        list[str],
        says(
            "files and folders below the working folder that workers on other machines need beside the "
            "models, such as modules that they import"
        ),
    ] = field(default_factory=list)


@dataclass(frozen=True)
class CellSettings:
    """The levels of a cell, one of each factor."""

    model: Annotated[str, says("the model")]
    entry: Annotated[str, says("the entry point")]
    rows: Annotated[Count, says("rows of input")]
    batch_size: Annotated[int | None, says("`batch_size`; null: not given")] = None
    threads: Annotated[int | None, says("threads; null: as the machine has it")] = None
    interpreter: Annotated[str | None, says("the interpreter; null: the worker's own")] = None
    environment: Annotated[dict[str, str], says("environment variables")] = field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """How long the reference call took on a machine, beside a cell."""

    calls: Annotated[Count, says("how often it was made")]
    median_ns: Annotated[Nanoseconds, says("their median")]


@dataclass(frozen=True)
class CellMachine:
    """The machine that measured a cell."""

    id: Annotated[str, says("identifies the machine since it was started")]
    name: Annotated[str, says("its name in the network")]
    cpu_count: Annotated[int | None, says("processors; null if unknown")]
    python: Annotated[str, says("version of the worker's Python, which makes the reference call")]
    numpy: Annotated[str, says("version of its numpy")]


@dataclass(frozen=True)
class CellFile:
    """The content of `cell.json`, which makes a folder a finished cell."""

    schema: Annotated[Schema, says("of this file")]
    settings: Annotated[CellSettings, says("what was measured")]
    repeat: Annotated[Count, says("1 if it is the second measurement of the same cell, else 0")]
    reason: Annotated[str, says("why it could not be measured; empty if it was")]
    machine: Annotated[CellMachine, says("where it was measured")]
    began: Annotated[float, says("time of day, in seconds since 1970")]
    took_s: Annotated[float, says("seconds in all, with imports")]
    before: Annotated[Reference, says("the reference call before the cell")]
    after: Annotated[Reference, says("the same after it")]


@dataclass(frozen=True)
class SweepCell:
    """A cell of the plan. Its second measurement, if it has one, is in the same figures."""

    name: Annotated[str, says("its folder in `cells/`")]
    settings: Annotated[CellSettings, says("its levels")]
    state: Annotated[CellState, says("whether it was measured")]
    reason: Annotated[str, says("why it failed; else empty")] = ""
    machine: Annotated[str, says("names of the machines that measured it; empty if none did")] = ""
    calls: Annotated[Count, says("number of calls")] = 0
    median_ns: Annotated[Nanoseconds | None, says("median of a call; null if it was not measured")] = None
    interval_ns: Annotated[
        tuple[Nanoseconds, Nanoseconds] | None,
        says("its 99% interval, with what differs from process to process; null as before"),
    ] = None
    rows_per_second: Annotated[float | None, says("rows divided by the median; null as before")] = None
    measurements: Annotated[Count, says("how often it was measured: 2 for an A/A cell")] = 0


@dataclass(frozen=True)
class SweepMachine:
    """A machine that measured cells."""

    name: Annotated[str, says("its name")]
    cpu_count: Annotated[int | None, says("processors; null if unknown")]
    python: Annotated[str, says("version of the worker's Python")]
    cells: Annotated[Count, says("how many measurements it made")]
    reference_ns: Annotated[Nanoseconds, says("median of the reference call, beside all of its cells")]
    spread: Annotated[float, says("standard deviation of the reference call from cell to cell, a share")]
    ratio: Annotated[float, says("its reference call divided by that of the first machine")]


@dataclass(frozen=True)
class SweepRepeats:
    """A/A cells: the same cell twice, in different processes. What differs between them is noise."""

    pairs: Annotated[Count, says("how many cells were measured twice")]
    largest: Annotated[float | None, says("largest difference of a pair, a share; null without pairs")]
    spread: Annotated[float, says("standard deviation from process to process that intervals use, a share")]


@dataclass(frozen=True)
class Rival:
    """Another cell, beside the best one."""

    name: Annotated[str, says("its folder in `cells/`")]
    settings: Annotated[CellSettings, says("its levels")]
    ratio: Annotated[float, says("how many times the best one is as good")]
    ratio_ci99: Annotated[tuple[float, float], says("its 99% interval")]


@dataclass(frozen=True)
class BestConfiguration:
    """The best cell of a model."""

    model: Annotated[str, says("the model")]
    goal: Annotated[Goal, says("`latency`: the shortest call; `throughput`: the most rows a second")]
    name: Annotated[str, says("its folder in `cells/`")]
    settings: Annotated[CellSettings, says("its levels")]
    median_ns: Annotated[Nanoseconds, says("median of a call")]
    interval_ns: Annotated[tuple[Nanoseconds, Nanoseconds], says("its 99% interval")]
    rows_per_second: Annotated[float, says("rows divided by the median")]
    tied_with: Annotated[
        list[Rival], says("cells that may be as good: the interval of the ratio has 1 in it")
    ]
    next: Annotated[Rival | None, says("the best cell that is surely worse; null if there is none")]
    options: Annotated[list[str], says("options of `keras-profile profile` that make the same call")]
    variables: Annotated[dict[str, str], says("environment variables to set")]
    code: Annotated[str, says("the call as code")]


@dataclass(frozen=True)
class MapPlace:
    """A cell of a crossover map."""

    level: Annotated[str, says("the level of the map's factor, in words")]
    name: Annotated[str, says("its folder in `cells/`; empty if there is no such cell")]
    median_ns: Annotated[Nanoseconds | None, says("median of a call; null if it was not measured")]
    ratio: Annotated[float | None, says("its call divided by the fastest of the row; null as before")]
    ratio_ci99: Annotated[tuple[float, float] | None, says("its 99% interval; null as before")]
    wins: Annotated[bool, says("whether it is the fastest, or may be: the interval has 1 in it")]


@dataclass(frozen=True)
class MapRow:
    """A row of a crossover map."""

    rows: Annotated[Count, says("rows of input")]
    places: Annotated[list[MapPlace], says("one for each level")]


@dataclass(frozen=True)
class CrossoverMap:
    """Who wins where: rows by the levels of another factor, all others held."""

    factor: Annotated[Factor, says("what is compared")]
    held: Annotated[str, says("the other factors, in words")]
    levels: Annotated[list[str], says("its levels, in words")]
    rows: Annotated[list[MapRow], says("by rising rows")]
    words: Annotated[list[str], says("what it shows, in sentences")]


@dataclass(frozen=True)
class LevelEffect:
    """What a level changes against another one, all other factors held equal."""

    level: Annotated[str, says("the level, in words")]
    against: Annotated[
        str, says("the level that it is compared with: the smallest, or the first of the plan")
    ]
    ratio: Annotated[float, says("call divided by call: geometric mean over all pairs of cells")]
    ratio_ci99: Annotated[tuple[float, float], says("its 99% interval")]
    pairs: Annotated[Count, says("how many pairs of cells differ in this alone")]
    lowest: Annotated[float, says("the lowest ratio of a pair")]
    highest: Annotated[float, says("the highest ratio of a pair")]


@dataclass(frozen=True)
class Sensitivity:
    """How much a call changes by a factor."""

    factor: Annotated[Factor, says("the factor")]
    effects: Annotated[list[LevelEffect], says("one for each level but the first")]


@dataclass(frozen=True)
class SweepContent:
    """The content of `sweep.json`."""

    schema: Annotated[Schema, says("of this file")]
    plan: Annotated[str, says("path of the plan, as given")]
    headline: Annotated[str, says("how far it is, in a sentence")]
    measured: Annotated[Count, says("cells that were measured")]
    failed: Annotated[Count, says("cells that failed")]
    waiting: Annotated[Count, says("cells that are not measured yet")]
    basis: Annotated[SweepBasis, says("whether cells of several machines are compared")]
    machines: Annotated[list[SweepMachine], says("those that measured")]
    repeats: Annotated[SweepRepeats, says("cells that were measured twice")]
    best: Annotated[list[BestConfiguration], says("two for each model: by latency and by rows a second")]
    maps: Annotated[list[CrossoverMap], says("who wins where")]
    sensitivities: Annotated[list[Sensitivity], says("largest effect first; those of models and rows last")]
    cells: Annotated[list[SweepCell], says("all cells of the plan")]
    left_alone: Annotated[list[str], says("folders in `cells/` that the plan does not have")]
    notes: Annotated[list[str], says("what to know before the figures are used")]

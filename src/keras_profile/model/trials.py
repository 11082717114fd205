"""Trials of recipes, as the recorder wrote them: ``trials.json`` of a recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .recording import Schema

TrialStatus = Literal["tried", "outputs_differ", "failed", "not_applicable", "not_tried"]


@dataclass(frozen=True)
class Round:
    """One round's calls, in ns. Rounds of one number were made one after the other."""

    round: int
    wall_ns: list[int]


@dataclass(frozen=True)
class TrialOutputs:
    """How near the outputs were on all inputs and rows that were compared.

    ``max_abs_error`` is absolute; ``tolerance`` a part of the largest number of an output.
    """

    equal: bool
    max_abs_error: float
    tolerance: float
    inputs: list[str]
    rows: int


@dataclass(frozen=True)
class Trial:
    """One change that was tried, or the reason why it was not.

    ``calls`` is how many of the original's calls one of its calls does the work of;
    ``warmup_ns`` what it took to build it and make the first call; ``peak_bytes`` by how much
    memory rose in its first call.
    """

    recipe: str | None
    title: str
    code: str
    where: str
    approximate: bool
    status: TrialStatus
    reason: str
    calls: int
    warmup_ns: int | None
    peak_bytes: int | None
    outputs: TrialOutputs | None
    rounds: list[Round]


@dataclass(frozen=True)
class ScalingPoint:
    """Wall times, in ns, of calls with so many rows in so many batches."""

    rows: int
    batches: int
    wall_ns: list[int]


@dataclass(frozen=True)
class ScalingTrial:
    """Wall times by the number of rows; ``recipe`` is None for the original call."""

    recipe: str | None
    title: str
    points: list[ScalingPoint]


@dataclass(frozen=True)
class Trials:
    """The content of ``trials.json``.

    Changes of the process are held against ``original``, those that need a process of their
    own against ``original_elsewhere``, the same call in such a process.
    """

    schema: Schema
    interrupted: bool
    original: Trial
    original_elsewhere: Trial | None
    random_outputs: bool
    trials: list[Trial]
    scaling: list[ScalingTrial]
    scaling_reason: str

"""Trials of recipes, as the recorder wrote them: ``trials.json`` of a recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from .described import says
from .ranges import Count, Nanoseconds, Times
from .recording import Schema

TrialStatus = Literal["tried", "outputs_differ", "failed", "not_applicable", "not_tried"]


@dataclass(frozen=True)
class Round:
    """One round's calls. Rounds of one number were made one after the other."""

    round: Annotated[int, says("its number")]
    wall_ns: Annotated[Times, says("each call, one at least")]


@dataclass(frozen=True)
class TrialOutputs:
    """How near the outputs were on all inputs and rows that were compared."""

    equal: Annotated[bool, says("to the bit")]
    max_abs_error: Annotated[float, says("absolute")]
    tolerance: Annotated[float, says("what was allowed, as a part of the largest number of an output")]
    inputs: Annotated[list[str], says("on which they were compared, in words")]
    rows: Annotated[Count, says("on how many in all")]


@dataclass(frozen=True)
class Trial:
    """One change that was tried, or the reason why it was not."""

    recipe: Annotated[str | None, says("its id; null for the original call")]
    title: Annotated[str, says("in words")]
    code: Annotated[str, says("what was run; empty where the recipe was not tried")]
    where: Annotated[str, says("`in_process`, `on_copy` (of the model) or `own_process`")]
    approximate: Annotated[bool, says("whether it alters results")]
    status: Annotated[TrialStatus, says("`tried` where it was measured")]
    reason: Annotated[str, says("in words, empty where there is nothing to say")]
    calls: Annotated[Count, says("of how many original calls the change does the work at once")]
    warmup_ns: Annotated[Nanoseconds | None, says("building it and its first call")]
    peak_bytes: Annotated[
        Count | None, says("by how much that call made the memory rise; null where the system does not tell")
    ]
    outputs: Annotated[TrialOutputs | None, says("null where they were not compared")]
    rounds: Annotated[list[Round], says("what was measured")]
    other_rows: Annotated[
        bool, says("whether its call takes other rows than the original's where that takes random ones")
    ] = False
    condition: Annotated[
        str, says("what must hold of all calls, which this one cannot show; empty where nothing must")
    ] = ""


@dataclass(frozen=True)
class ScalingPoint:
    """Calls with so many rows in so many batches."""

    rows: Annotated[Count, says("how many")]
    batches: Annotated[Count, says("how many")]
    wall_ns: Annotated[Times, says("each call, one at least")]


@dataclass(frozen=True)
class ScalingTrial:
    """Wall times by the number of rows, of the original or of the best recipe."""

    recipe: Annotated[str | None, says("null for the original call")]
    title: Annotated[str, says("in words")]
    points: Annotated[list[ScalingPoint], says("what was measured")]


@dataclass(frozen=True)
class Trials:
    """The content of `trials.json`."""

    schema: Annotated[Schema, says("of this file")]
    interrupted: Annotated[bool, says("whether it was stopped by Ctrl-C")]
    original: Annotated[Trial, says("the original call, as one of `trials`")]
    original_elsewhere: Annotated[
        Trial | None,
        says(
            "the same in a process of its own, against which recipes of that kind are held; null where "
            "there were none"
        ),
    ]
    random_outputs: Annotated[bool, says("whether two calls of the original gave different outputs")]
    trials: Annotated[list[Trial], says("the changes")]
    scaling: Annotated[
        list[ScalingTrial], says("how the times of the original and of the best recipe grow with the rows")
    ]
    scaling_reason: Annotated[str, says("why that was not measured, else empty")]

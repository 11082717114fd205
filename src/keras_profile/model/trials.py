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
    wall_ns: Annotated[Times, says("time of each call, at least one")]


@dataclass(frozen=True)
class TrialOutputs:
    """How close the outputs were on all inputs and rows that were compared."""

    equal: Annotated[bool, says("whether they are equal bit for bit")]
    max_abs_error: Annotated[float, says("largest absolute error")]
    tolerance: Annotated[float, says("allowed error, as a fraction of an output's largest number")]
    inputs: Annotated[list[str], says("the inputs that were compared, in words")]
    rows: Annotated[Count, says("number of rows that were compared")]


@dataclass(frozen=True)
class Trial:
    """One recipe that was tried, or the reason why it was not."""

    recipe: Annotated[str | None, says("its id; null for the original call")]
    title: Annotated[str, says("in words")]
    code: Annotated[str, says("the code that was run; empty if the recipe was not tried")]
    where: Annotated[str, says("`in_process`, `on_copy` (of the model) or `own_process`")]
    approximate: Annotated[bool, says("whether it alters results")]
    status: Annotated[TrialStatus, says("`tried` if it was measured")]
    reason: Annotated[str, says("in words; may be empty")]
    calls: Annotated[Count, says("how many original calls it does the work of at once")]
    warmup_ns: Annotated[Nanoseconds | None, says("time to build it and make its first call")]
    peak_bytes: Annotated[
        Count | None, says("how much that call raised the memory; null if the system does not tell")
    ]
    outputs: Annotated[TrialOutputs | None, says("null if they were not compared")]
    rounds: Annotated[list[Round], says("the measurements")]
    other_rows: Annotated[
        bool, says("if the original call takes random rows: whether this call takes other ones")
    ] = False
    condition: Annotated[
        str, says("a condition on all calls that this one cannot show; empty if there is none")
    ] = ""


@dataclass(frozen=True)
class ScalingPoint:
    """Calls with a number of rows in a number of batches."""

    rows: Annotated[Count, says("number of rows")]
    batches: Annotated[Count, says("number of batches")]
    wall_ns: Annotated[Times, says("time of each call, at least one")]


@dataclass(frozen=True)
class ScalingTrial:
    """Wall times by the number of rows, of the original or of the best recipe."""

    recipe: Annotated[str | None, says("null for the original call")]
    title: Annotated[str, says("in words")]
    points: Annotated[list[ScalingPoint], says("the measurements")]


@dataclass(frozen=True)
class Trials:
    """The content of `trials.json`."""

    schema: Annotated[Schema, says("of this file")]
    interrupted: Annotated[bool, says("whether it was stopped by Ctrl-C")]
    original: Annotated[Trial, says("the original call, as one of `trials`")]
    original_elsewhere: Annotated[
        Trial | None,
        says(
            "the original call in its own process, for comparison with recipes of that kind; null if "
            "there were none"
        ),
    ]
    random_outputs: Annotated[bool, says("whether two calls of the original gave different outputs")]
    trials: Annotated[list[Trial], says("the recipes")]
    scaling: Annotated[
        list[ScalingTrial], says("how the times of the original and of the best recipe grow with the rows")
    ]
    scaling_reason: Annotated[str, says("why scaling was not measured; else empty")]

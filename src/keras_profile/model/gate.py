"""What a gate found: the content of ``gate.json``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from .described import says
from .ranges import Nanoseconds
from .recording import Schema

#: Name and version of ``gate.json``.
#:
#: History: 1 is the first. Keys may be added without a new version.
GATE_SCHEMA = Schema("keras_profile.gate", 1)

#: What is known of a call; ``unsteady``: the machine is too unsteady to measure times.
GateAnswer = Literal["passed", "regressed", "inconclusive", "unsteady", "failed"]


@dataclass(frozen=True)
class GatedTime:
    """The time of a call against the base, measured in the same job."""

    answer: Annotated[GateAnswer, says("what is known of the time")]
    before_ns: Annotated[Nanoseconds | None, says("a call of the base; null if it was not measured")]
    after_ns: Annotated[Nanoseconds | None, says("a call as it is now; null as before")]
    ratio: Annotated[float | None, says("after divided by before; null as before")]
    interval: Annotated[
        tuple[float, float] | None, says("its interval, at the level of one look; null as before")
    ]
    why: Annotated[str, says("in words: what differs, or why it is not known")]
    comparison: Annotated[str, says("folder of the comparison; empty if there is none")] = ""


@dataclass(frozen=True)
class GatedCounts:
    """Exact counts against the lock."""

    answer: Annotated[GateAnswer, says("`regressed` if something is counted more often than locked")]
    more: Annotated[list[str], says("what is counted more often, in words")]
    fewer: Annotated[list[str], says("what is counted less often, in words")]
    notes: Annotated[list[str], says("what to know about it")] = field(default_factory=list)


@dataclass(frozen=True)
class GateResult:
    """One call of the settings."""

    name: Annotated[str, says("its name in the settings")]
    target: Annotated[str, says("what was called")]
    answer: Annotated[GateAnswer, says("of counts and time together")]
    headline: Annotated[str, says("the answer in a sentence")]
    counts: Annotated[GatedCounts | None, says("null if they could not be counted")]
    time: Annotated[GatedTime | None, says("null if no base was given, or if it could not be measured")]
    file: Annotated[str, says("the user's file that makes the model; empty if it is a model file")] = ""
    line: Annotated[int, says("the line in it")] = 1
    error: Annotated[str, says("why it could not be measured; empty if it was")] = ""


@dataclass(frozen=True)
class GateContent:
    """The content of `gate.json`."""

    schema: Annotated[Schema, says("of this file")]
    answer: Annotated[GateAnswer, says("of all calls together")]
    exit_code: Annotated[int, says("0 passed, 1 regressed, 2 not measured, 3 not known")]
    margin: Annotated[float, says("how much longer a call may take")]
    base: Annotated[str | None, says("what times were measured against; null if counts alone were checked")]
    results: Annotated[list[GateResult], says("one for each call of the settings")]

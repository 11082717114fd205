"""The comparison of two ways to make a call: the content of ``comparison.json``.

Integer nanoseconds; shares as fractions of 1. *Before* and *after* are the two sides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from .described import says
from .environment import RecordedEnvironment
from .ranges import Count, Nanoseconds
from .recording import Schema
from .workload import RecordedWorkload

#: Name and version of ``comparison.json``.
#:
#: History: 1 is the first. Keys may be added without a new version.
COMPARISON_SCHEMA = Schema("keras_profile.comparison", 1)
#: The same of the comparison of two programs.
PROGRAM_COMPARISON_SCHEMA = Schema("keras_profile.program_comparison", 1)

#: How the two sides were measured: in turn, in one job, or at other times, as recordings that are stored.
Basis = Literal["in_turn", "stored"]
#: What is known about a difference of time. ``indication`` is all that stored recordings give.
DifferenceVerdict = Literal["slower", "faster", "no_difference", "cannot_tell", "indication"]
#: Whether something is only in one side, or more or less frequent in the second.
Change = Literal["new", "gone", "more", "fewer"]
#: What happened to a finding.
FindingChange = Literal["new", "gone", "costs_more", "costs_less"]
#: Whether the outputs are the same.
OutputsVerdict = Literal["equal", "close", "differ", "not_compared"]


@dataclass(frozen=True)
class ComparedSide:
    """One of the two sides."""

    label: Annotated[str, says("what distinguishes it, such as a release, a commit or an option")]
    environment: Annotated[RecordedEnvironment, says("the profiled interpreter")]
    workload: Annotated[RecordedWorkload, says("what was called, with which inputs")]
    recordings: Annotated[list[str], says("names of its recordings, one for each process")]
    calls: Annotated[Count, says("how many calls were timed")]
    median_ns: Annotated[Nanoseconds, says("their median")]
    cpu_median_ns: Annotated[Nanoseconds, says("median processor time of a call, all threads")]


@dataclass(frozen=True)
class TotalDifference:
    """The difference of the whole call.

    `after_ns` is `before_ns` times `ratio`; `difference_ns` is their difference, to which the phases'
    differences sum exactly.
    """

    before_ns: Annotated[Nanoseconds, says("a call before: the median of all timed calls")]
    after_ns: Annotated[Nanoseconds, says("a call after")]
    difference_ns: Annotated[int, says("after less before")]
    ratio: Annotated[float, says("after divided by before, by calls that were made next to each other")]
    ratio_ci99: Annotated[
        tuple[float, float] | None, says("its 99% interval; null if there are too few calls")
    ]
    cpu_ratio: Annotated[float | None, says("the same for processor time; null if unknown")]
    cpu_ratio_ci99: Annotated[tuple[float, float] | None, says("its 99% interval; null as before")]
    verdict: Annotated[DifferenceVerdict, says("what is known about the difference")]


@dataclass(frozen=True)
class PhaseDifference:
    """The difference of a phase. All of them sum to `total.difference_ns` exactly."""

    phase: Annotated[str, says("name")]
    before_ns: Annotated[Nanoseconds, says("its own time before")]
    after_ns: Annotated[Nanoseconds, says("its own time after")]
    difference_ns: Annotated[int, says("after less before")]
    difference_ci99_ns: Annotated[
        tuple[int, int] | None,
        says("interval of the difference, of 99% for all phases together; null if there are too few calls"),
    ]
    verdict: Annotated[DifferenceVerdict, says("what is known about the difference")]


@dataclass(frozen=True)
class InternalDifference:
    """A Keras or TensorFlow function that a call runs more or less often than before."""

    module: Annotated[str, says("with the Keras root in place of `K`")]
    qualname: Annotated[str, says("qualified name")]
    phase: Annotated[str, says("phase of its row")]
    change: Annotated[Change, says("what happened to it")]
    before_count: Annotated[float, says("how often a call entered it before")]
    after_count: Annotated[float, says("the same after")]
    difference_ns: Annotated[int, says("difference of its time with callees")]


@dataclass(frozen=True)
class CountDifference:
    """Something that is counted and not timed."""

    count: Annotated[str, says("what is counted, as [compare.md](compare.md) lists it")]
    title: Annotated[str, says("in words")]
    before: Annotated[float | None, says("before; null if unknown")]
    after: Annotated[float | None, says("after; null if unknown")]


@dataclass(frozen=True)
class FindingDifference:
    """A finding that is new or gone, or that costs surely more or less."""

    rule: Annotated[str, says("the rule's id")]
    change: Annotated[FindingChange, says("what happened to it")]
    title: Annotated[str, says("the finding in words, of the side that has it, or of the second")]
    before_ns: Annotated[int, says("its cost per call before; 0 without one")]
    after_ns: Annotated[int, says("the same after")]
    where: Annotated[str, says("the user's line, if known")] = ""


@dataclass(frozen=True)
class RecipeDifference:
    """A change whose gain is not what it was."""

    recipe: Annotated[str, says("its id")]
    title: Annotated[str, says("in words")]
    before_speedup: Annotated[float | None, says("how many times as fast before; null if not measured")]
    after_speedup: Annotated[float | None, says("the same after")]


@dataclass(frozen=True)
class ComparedOutputs:
    """Whether both sides gave the same outputs for the same input and weights."""

    verdict: Annotated[OutputsVerdict, says("`close` is within the tolerance of the number format")]
    reason: Annotated[str, says("where they differ, or why they were not compared")] = ""
    max_abs_error: Annotated[float | None, says("largest absolute error; null if not compared")] = None
    tolerance: Annotated[
        float | None, says("allowed error, as a fraction of an output's largest number; null as before")
    ] = None


@dataclass(frozen=True)
class MemoryDifference:
    """Memory that each call leaves behind."""

    before_bytes_per_call: Annotated[float | None, says("before; null if unknown")]
    after_bytes_per_call: Annotated[float | None, says("after; null if unknown")]


@dataclass(frozen=True)
class ComparedFrame:
    """A box of the flame graph: an internal below those that called it, in both sides."""

    name: Annotated[str, says("qualified name; that of the entry point for the call itself")]
    phase: Annotated[str, says("the phase that most of its own time belongs to")]
    parent: Annotated[int, says("position of the frame that it is in; -1 for the call")]
    before_ns: Annotated[Nanoseconds, says("its time with callees before; 0 if it did not run")]
    after_ns: Annotated[Nanoseconds, says("the same after")]


@dataclass(frozen=True)
class ComparisonContent:
    """The content of `comparison.json`."""

    schema: Annotated[Schema, says("of this file")]
    basis: Annotated[Basis, says("`in_turn` if both were measured in turn; only then there are verdicts")]
    headline: Annotated[str, says("the answer in a sentence")]
    before: Annotated[ComparedSide, says("the first side")]
    after: Annotated[ComparedSide, says("the second side")]
    total: Annotated[TotalDifference, says("the difference of a call")]
    phases: Annotated[list[PhaseDifference], says("largest difference first")]
    internals: Annotated[list[InternalDifference], says("internals that run more or less often")]
    counts: Annotated[list[CountDifference], says("what is counted, whether it differs or not")]
    findings: Annotated[list[FindingDifference], says("findings that changed")]
    recipes: Annotated[list[RecipeDifference], says("changes whose gain differs")]
    outputs: Annotated[ComparedOutputs, says("whether the outputs are the same")]
    memory: Annotated[MemoryDifference, says("memory that calls leave behind")]
    seconds: Annotated[float, says("how long was measured; 0 for stored recordings")]
    tree: Annotated[
        list[ComparedFrame],
        says(
            "both call trees as one, parents first; empty without spans. Frames with very little are omitted"
        ),
    ] = field(default_factory=list)
    notes: Annotated[list[str], says("what to know before the figures are used")] = field(
        default_factory=list
    )


@dataclass(frozen=True)
class ComparedLine:
    """A line of a program that makes calls, in both of its recordings."""

    name: Annotated[str, says("entry point, file and line, of the second program")]
    before_line: Annotated[Count, says("number of the line before")]
    after_line: Annotated[Count, says("the same after")]
    before_calls: Annotated[Count, says("number of its calls before")]
    after_calls: Annotated[Count, says("the same after")]
    before_ns: Annotated[Nanoseconds, says("total time of its calls before; simultaneous calls count once")]
    after_ns: Annotated[Nanoseconds, says("the same after")]
    comparison: Annotated[
        ComparisonContent | None, says("of one call; null if there is nothing to compare")
    ] = None
    reason: Annotated[str, says("why there is nothing to compare; else empty")] = ""


@dataclass(frozen=True)
class ProgramComparisonContent:
    """The content of the `comparison.json` of two programs, which alone has the key `lines`."""

    schema: Annotated[Schema, says("of this file")]
    headline: Annotated[str, says("the answer in a sentence")]
    labels: Annotated[tuple[str, str], says("what distinguishes the two")]
    before_wall_ns: Annotated[Nanoseconds, says("how long the program took before")]
    after_wall_ns: Annotated[Nanoseconds, says("the same after")]
    before_inference_ns: Annotated[Nanoseconds, says("time in which a call of a model ran before")]
    after_inference_ns: Annotated[Nanoseconds, says("the same after")]
    lines: Annotated[list[ComparedLine], says("largest difference of total time first")]
    only_before: Annotated[list[str], says("lines that only the first program has")]
    only_after: Annotated[list[str], says("lines that only the second program has")]
    notes: Annotated[list[str], says("what to know before the figures are used")] = field(
        default_factory=list
    )

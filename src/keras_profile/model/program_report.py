"""The report of a whole program: ``report.json`` of it.

Integer nanoseconds; shares as fractions of 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from .described import says
from .environment import RecordedEnvironment
from .program import Site
from .recording import Schema
from .report import (
    Attribution,
    CallFigures,
    CaptureFigures,
    ColdCalls,
    Comparison,
    Finding,
    ReportContent,
    Scaling,
    WarmCalls,
)
from .workload import Input, RecordedWorkload


@dataclass(frozen=True)
class ProcessFigures:
    """One process: how long it ran and how much of it was inference."""

    pid: Annotated[int, says("its number")]
    parent: Annotated[int, says("that of the process which started it")]
    argv: Annotated[list[str], says("its arguments")]
    forked: Annotated[bool, says("whether it was forked")]
    ended: Annotated[bool, says("false where it was killed or still runs")]
    raised: Annotated[str | None, says("the exception that ended it, or null")]
    wall_ns: Annotated[int, says("how long it ran")]
    calls: Annotated[int, says("how many")]
    inference_ns: Annotated[int, says("time in which at least one call of a model ran")]
    threads: Annotated[int, says("that made calls")]


@dataclass(frozen=True)
class BetweenCalls:
    """What Keras did beside inference."""

    kind: Annotated[str, says("`training`, `evaluating`, `loading`, `compiling` or `importing`")]
    name: Annotated[str, says("what was called or imported")]
    where: Annotated[str, says("the user's line")]
    count: Annotated[int, says("how often")]
    total_ns: Annotated[
        int, says("without that of others in the list which ran within it, as one package imports another")
    ]


@dataclass(frozen=True)
class SampledPlace:
    """A line where the program was between calls, by sampling."""

    file: Annotated[str, says("path")]
    line: Annotated[int, says("number")]
    function: Annotated[str, says("that the line is in")]
    share: Annotated[float, says("of the samples")]


@dataclass(frozen=True)
class Overhead:
    """What recording cost the program, estimated."""

    total_ns: Annotated[int, says("in all")]
    share: Annotated[float, says("of the program")]
    parts: Annotated[dict[str, int], says("ns, by what took them")]


@dataclass(frozen=True)
class ProgramFigures:
    """The program as a whole."""

    command: Annotated[
        list[str], says("as in [program.json](recording.md#programjson), as are the next four")
    ]
    python: Annotated[str, says("the interpreter")]
    exit_code: Annotated[int | None, says("the program's")]
    complete: Annotated[bool, says("whether it has ended")]
    interrupted: Annotated[bool, says("whether it was stopped")]
    wall_ns: Annotated[
        int,
        says(
            "from the start of the first process, after its interpreter's own, to the end of the "
            "program's code in the last one"
        ),
    ]
    inference_ns: Annotated[int, says("time in which at least one call of a model ran")]
    inference_share: Annotated[float, says("the same as a share of `wall_ns`")]
    calls: Annotated[int, says("how many there were")]
    processes: Annotated[list[ProcessFigures], says("those in which a model was called")]
    between: Annotated[list[BetweenCalls], says("what Keras did beside inference")]
    samples: Annotated[list[SampledPlace], says("where the program was between calls, by sampling")]
    overhead: Annotated[Overhead, says("what recording took, estimated")]


@dataclass(frozen=True)
class Regularity:
    """How much the warm calls differ."""

    p5_ns: Annotated[int, says("5% take less")]
    median_ns: Annotated[int, says("of a call")]
    p95_ns: Annotated[int, says("95% take less")]


@dataclass(frozen=True)
class ThreadCalls:
    """The calls of one thread."""

    thread: Annotated[str, says("name")]
    calls: Annotated[int, says("how many")]
    total_ns: Annotated[int, says("of all of them")]


@dataclass(frozen=True)
class Waiting:
    """Calls during which other threads' calls ran, against those alone."""

    alone_median_ns: Annotated[int | None, says("of the others, null without one")]
    together_median_ns: Annotated[int, says("of calls beside one of another thread")]
    together_calls: Annotated[int, says("how many these are")]


@dataclass(frozen=True)
class ShapeCalls:
    """Calls of a group on inputs of one shape."""

    inputs: Annotated[list[Input], says("one for each input; a size is null where it varies")]
    calls: Annotated[int, says("how many")]
    total_ns: Annotated[int, says("of all of them")]
    median_ns: Annotated[int | None, says("of a warm call, null where none was timed")]


@dataclass(frozen=True)
class GroupCalls:
    """As `CallFigures`, but `warm` is null where no warm call was measured."""

    cold: Annotated[ColdCalls, says("the first calls")]
    warm: Annotated[WarmCalls | None, says("null where no warm call was timed")]


@dataclass(frozen=True)
class GroupReport:
    """Calls of one site, entry point and kind of model. From `workload` on the keys are a report's."""

    recording: Annotated[str, says("the group's own recording: a folder in that of the program")]
    process: Annotated[int, says("number of its process, of several that with the most time")]
    site: Annotated[Site, says("the line that makes the calls")]
    entry: Annotated[str, says("the entry point")]
    count: Annotated[int, says("all its calls")]
    total_ns: Annotated[int, says("their time, added up")]
    share_of_wall: Annotated[float, says("of the program's time, calls at the same time counted once")]
    share_of_inference: Annotated[float, says("of the time of all calls, added up")]
    regularity: Annotated[Regularity | None, says("of warm `bare` calls; null without one")]
    cold_ns: Annotated[int | None, says("its first call, null where that is not among the calls")]
    once_ns: Annotated[
        int | None,
        says("of `cold_ns` what later calls do not take: building, tracing, compiling; null as before"),
    ]
    threads: Annotated[list[ThreadCalls], says("those that made the calls")]
    waiting: Annotated[Waiting | None, says("null where no call ran beside one of another thread")]
    workload: Annotated[RecordedWorkload, says("as above, as are those below")]
    calls: Annotated[GroupCalls, says("where no warm call was timed, `calls.warm` is null")]
    captures: Annotated[list[CaptureFigures], says("empty then")] = field(default_factory=list)
    attribution: Annotated[Attribution | None, says("null then")] = None
    findings: Annotated[list[Finding], says("empty then")] = field(default_factory=list)
    comparisons: Annotated[list[Comparison], says("empty then")] = field(default_factory=list)
    notes: Annotated[list[str], says("empty then")] = field(default_factory=list)
    scaling: Annotated[Scaling | None, says("null where it was not measured")] = None
    processes: Annotated[list[int], says("the numbers of all processes that made the calls")] = field(
        default_factory=list
    )
    shapes: Annotated[
        list[ShapeCalls], says("its calls by the shapes of their inputs, the most time first")
    ] = field(default_factory=list)


@dataclass(frozen=True)
class ProgramReport:
    """The content of `report.json` of a program; it has the key `program`, others have not."""

    schema: Annotated[Schema, says("as above")]
    recording: Annotated[str, says("name of the program's folder")]
    environment: Annotated[RecordedEnvironment, says("that of the first process")]
    program: Annotated[ProgramFigures, says("the program as a whole")]
    groups: Annotated[
        list[GroupReport],
        says("its calls by line, entry point and kind of model, of all processes, the most time first"),
    ]
    notes: Annotated[list[str], says("as above")] = field(default_factory=list)

    def of_group(self, group: GroupReport) -> ReportContent | None:
        """The usual report of a group; None where it has no warm call."""
        if group.calls.warm is None or group.attribution is None:
            return None
        return ReportContent(
            schema=self.schema,
            recording=f"{self.recording}/{group.recording}",
            environment=self.environment,
            workload=group.workload,
            calls=CallFigures(group.calls.cold, group.calls.warm),
            captures=group.captures,
            attribution=group.attribution,
            findings=group.findings,
            comparisons=group.comparisons,
            notes=group.notes,
            scaling=group.scaling,
        )

"""The report of a whole program: ``report.json`` of it.

Integer nanoseconds; shares as fractions of 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from .described import says
from .environment import RecordedEnvironment
from .program import Site
from .ranges import Count, Nanoseconds, Share
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
    wall_ns: Annotated[Nanoseconds, says("how long it ran")]
    calls: Annotated[Count, says("how many")]
    inference_ns: Annotated[Nanoseconds, says("time in which at least one call of a model ran")]
    threads: Annotated[Count, says("that made calls")]
    name: Annotated[
        str, says("what it is called: its number, and which one of those that have the same number")
    ] = ""


@dataclass(frozen=True)
class BetweenCalls:
    """What Keras did beside inference."""

    kind: Annotated[
        str, says("`training`, `evaluating`, `loading`, `setting weights`, `compiling` or `importing`")
    ]
    name: Annotated[str, says("what was called or imported")]
    where: Annotated[str, says("the user's line")]
    count: Annotated[Count, says("how often")]
    total_ns: Annotated[
        Nanoseconds,
        says("without that of others in the list which ran within it, as one package imports another"),
    ]


@dataclass(frozen=True)
class SampledPlace:
    """A line where the program was outside of calls, by sampling."""

    file: Annotated[str, says("path")]
    line: Annotated[Count, says("number")]
    function: Annotated[str, says("that the line is in")]
    share: Annotated[Share, says("of the samples")]


#: What the program's time is spent on, in the order of a table where two have the same.
PartKind = Literal[
    "inference",
    "own_code",
    "training",
    "evaluating",
    "loading",
    "building",
    "compiling",
    "import",
    "waiting",
    "recording",
    "before_import",
    "not_watched",
    "unattributed",
]


@dataclass(frozen=True)
class ProgramPart:
    """A part of the program's wall time. No two overlap, and all together are the whole."""

    kind: Annotated[PartKind, says("what it is spent on, see [program.md](program.md#the-parts)")]
    total_ns: Annotated[Nanoseconds, says("how long")]
    share: Annotated[Share, says("of the program")]
    exact: Annotated[
        bool,
        says("whether it was measured; else it is the part that samples had of what was not measured"),
    ]
    what: Annotated[
        str,
        says(
            "what is called or imported: the entry point, the function of a library with its package, the "
            "package; empty for the line's own work"
        ),
    ] = ""
    file: Annotated[str, says("of the user's line; empty where there is none")] = ""
    line: Annotated[Count, says("its number, 0 for none")] = 0
    function: Annotated[str, says("that it is in")] = ""
    source: Annotated[str, says("the line itself")] = ""
    group: Annotated[int | None, says("the place in `groups` of what is inference, from 0; else null")] = None


@dataclass(frozen=True)
class ProgramFrame:
    """A frame of the program's call tree."""

    parent: Annotated[int, says("its place in the list, -1 for the program itself, which comes first")]
    kind: Annotated[
        str,
        says(
            "`program`, `user`, `library`, `import`, `inference`, `activity`, `recorder`, `phase` (of the "
            "group's calls), or `other` for what is too small or was never seen"
        ),
    ]
    name: Annotated[str, says("the function, the package, the entry point, the phase")]
    where: Annotated[str, says("its line or its module; may be empty")]
    total_ns: Annotated[Nanoseconds, says("with what it calls")]
    self_ns: Annotated[Nanoseconds, says("without that")]
    group: Annotated[int | None, says("the place in `groups` of what is inference, from 0; else null")] = None


@dataclass(frozen=True)
class WholeProgram:
    """The wall time of one process, the first in which a model was called, from its main thread's view.

    What other threads do that call models counts as far as the main one waited meanwhile.
    """

    process: Annotated[int, says("its number")]
    wall_ns: Annotated[Nanoseconds, says("how long it ran")]
    samples: Annotated[Count, says("looks at its main thread; 0 where there were none")]
    parts: Annotated[list[ProgramPart], says("the largest first; they sum to `wall_ns`")]
    tree: Annotated[
        list[ProgramFrame],
        says("the call tree, parents first; small ones are put together"),
    ]


@dataclass(frozen=True)
class TimelineSpan:
    """A stretch of a thread's time. Times count from the start of the program."""

    begin_ns: Annotated[Nanoseconds, says("when it began")]
    wall_ns: Annotated[Nanoseconds, says("how long it took")]
    kind: Annotated[PartKind, says("as in `parts`")]
    what: Annotated[str, says("the entry point, or what was imported or called")] = ""
    group: Annotated[int | None, says("the place in `groups` of what is inference, from 0; else null")] = None
    calls: Annotated[Count, says("calls of a model that it holds")] = 0


@dataclass(frozen=True)
class TimelineRow:
    """What one thread did. Between its spans it ran the user's own code, or waited."""

    process: Annotated[str, says("name of its process")]
    thread: Annotated[str, says("its name")]
    is_main: Annotated[bool, says("whether it is the main thread of its process")]
    begin_ns: Annotated[Nanoseconds, says("when its process began")]
    end_ns: Annotated[Nanoseconds, says("when its process ended")]
    spans: Annotated[list[TimelineSpan], says("in the order of time")]
    in_cells_of_ns: Annotated[
        Nanoseconds,
        says(
            "0; else there were too many spans: each begins where a cell of this length does, and its "
            "`wall_ns` is the time of its kind within the cell"
        ),
    ] = 0


@dataclass(frozen=True)
class Timeline:
    """When each thread of the program did what."""

    rows: Annotated[list[TimelineRow], says("a row a thread, those of the first process first")]
    more_threads: Annotated[Count, says("threads without a row: those with the least time in spans")] = 0


@dataclass(frozen=True)
class ProgramGain:
    """What the best change of a group would make of the program, computed: not measured as a whole."""

    group: Annotated[int, says("place in `groups`, from 0")]
    recipe: Annotated[str, says("id of the change")]
    title: Annotated[str, says("in words")]
    calls: Annotated[Count, says("warm calls that it would change")]
    call_gain_ns: Annotated[int, says("what each would take less")]
    building_ns: Annotated[
        Nanoseconds, says("what building the change takes, once, beyond what the call as it is took for that")
    ]
    gain_ns: Annotated[int, says("of the program: the calls' gain without the building")]
    program_ns: Annotated[Nanoseconds, says("what the program would take")]


@dataclass(frozen=True)
class ProgramCause:
    """Something outside of the calls that takes much of the program, and what to do about it."""

    cause: Annotated[str, says("its id, see [program.md](program.md#causes-outside-of-the-calls)")]
    title: Annotated[str, says("in plain words, with its figures")]
    file: Annotated[str, says("of the line that has most of it; empty where there is none")]
    line: Annotated[Count, says("its number, 0 for none")]
    total_ns: Annotated[
        Nanoseconds, says("what it takes of the program; 0 for causes that take no measurable time")
    ]
    share: Annotated[Share, says("of the program")]
    evidence: Annotated[list[str], says("sentences")]
    advice: Annotated[str, says("what to do")]
    lines: Annotated[list[int], says("all lines of that file that have some of it")] = field(
        default_factory=list
    )


@dataclass(frozen=True)
class ProgramReason:
    """Something that takes of the program's time, in its calls or outside of them."""

    reason: Annotated[str, says("id of the rule that found it in calls, or of the cause outside of them")]
    title: Annotated[str, says("in plain words, with its figures")]
    where: Annotated[str, says("file and line, or the user's line that the finding names; else empty")]
    total_ns: Annotated[Nanoseconds, says("what it has of the program; 0 where it takes no measurable time")]
    share: Annotated[Share, says("of the program")]
    group: Annotated[int | None, says("of which `groups` it is, from 0; null outside of calls")] = None


@dataclass(frozen=True)
class Overhead:
    """What recording cost the program, estimated."""

    total_ns: Annotated[Nanoseconds, says("in all")]
    share: Annotated[Share, says("of the program")]
    parts: Annotated[dict[str, Nanoseconds], says("ns, by what took them")]


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
        Nanoseconds,
        says(
            "from the start of the first process, after its interpreter's own, to the end of the "
            "program's code in the last one"
        ),
    ]
    inference_ns: Annotated[Nanoseconds, says("time in which at least one call of a model ran")]
    inference_share: Annotated[Share, says("the same as a share of `wall_ns`")]
    calls: Annotated[Count, says("how many there were")]
    processes: Annotated[list[ProcessFigures], says("those in which a model was called")]
    between: Annotated[list[BetweenCalls], says("what Keras did beside inference")]
    samples: Annotated[list[SampledPlace], says("where the program was outside of calls, by sampling")]
    overhead: Annotated[Overhead, says("what recording took, estimated")]
    unfinished: Annotated[list[str], says("calls that did not return, in a sentence each")] = field(
        default_factory=list
    )


@dataclass(frozen=True)
class Regularity:
    """How much the warm calls differ."""

    p5_ns: Annotated[Nanoseconds, says("5% take less")]
    median_ns: Annotated[Nanoseconds, says("of a call")]
    p95_ns: Annotated[Nanoseconds, says("95% take less")]


@dataclass(frozen=True)
class ThreadCalls:
    """The calls of one thread."""

    thread: Annotated[str, says("name")]
    calls: Annotated[Count, says("how many")]
    total_ns: Annotated[Nanoseconds, says("of all of them")]


@dataclass(frozen=True)
class Waiting:
    """Calls during which other threads' calls ran, against those alone."""

    alone_median_ns: Annotated[Nanoseconds | None, says("of the others, null without one")]
    together_median_ns: Annotated[Nanoseconds, says("of calls beside one of another thread")]
    together_calls: Annotated[Count, says("how many these are")]


@dataclass(frozen=True)
class ShapeCalls:
    """Calls of a group on inputs of one shape."""

    inputs: Annotated[list[Input], says("one for each input; a size is null where it varies")]
    calls: Annotated[Count, says("how many")]
    total_ns: Annotated[Nanoseconds, says("of all of them")]
    median_ns: Annotated[Nanoseconds | None, says("of a warm call, null where none was timed")]


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
    count: Annotated[Count, says("all its calls")]
    total_ns: Annotated[Nanoseconds, says("their time, added up")]
    share_of_wall: Annotated[Share, says("of the program's time, calls at the same time counted once")]
    share_of_inference: Annotated[Share, says("of the time of all calls, added up")]
    regularity: Annotated[Regularity | None, says("of warm `bare` calls; null without one")]
    cold_ns: Annotated[Nanoseconds | None, says("its first call, null where that is not among the calls")]
    once_ns: Annotated[
        Nanoseconds | None,
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
    whole: Annotated[
        WholeProgram | None, says("where the program's time goes; null in reports of earlier versions")
    ] = None
    conclusions: Annotated[list[str], says("what it comes to, in sentences, what matters most first")] = (
        field(default_factory=list)
    )
    gains: Annotated[
        list[ProgramGain], says("what changes of calls would make of the program, the largest first")
    ] = field(default_factory=list)
    causes: Annotated[list[ProgramCause], says("what else takes much of the program, the largest first")] = (
        field(default_factory=list)
    )
    reasons: Annotated[
        list[ProgramReason],
        says("the findings of all groups and the causes in one order, what has most of the program first"),
    ] = field(default_factory=list)

    timeline: Annotated[
        Timeline | None, says("when each thread did what; null in reports of earlier versions")
    ] = None

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

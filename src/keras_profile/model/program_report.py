"""The report of a whole program, as its ``report.json`` has it.

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
    parent: Annotated[int, says("number of the process that started it")]
    argv: Annotated[list[str], says("its arguments")]
    forked: Annotated[bool, says("whether it was forked")]
    ended: Annotated[bool, says("false if it was killed or still runs")]
    raised: Annotated[str | None, says("the exception that ended it, or null")]
    wall_ns: Annotated[Nanoseconds, says("how long it ran")]
    calls: Annotated[Count, says("how many")]
    inference_ns: Annotated[Nanoseconds, says("time in which at least one call of a model ran")]
    threads: Annotated[Count, says("threads that made calls")]
    name: Annotated[str, says("its name: its number, and which one it is if several have that number")] = ""


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
        says("without others in the list that ran within it, for example imports by an imported package"),
    ]


@dataclass(frozen=True)
class SampledPlace:
    """A line where the program was outside of calls, by sampling."""

    file: Annotated[str, says("path")]
    line: Annotated[Count, says("number")]
    function: Annotated[str, says("the line's function")]
    share: Annotated[Share, says("share of the samples")]


#: What the program's time is spent on; parts of equal time are in this order.
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
    """A part of the program's wall time. Parts do not overlap, and sum to the whole."""

    kind: Annotated[PartKind, says("what it is spent on, see [program.md](program.md#the-parts)")]
    total_ns: Annotated[Nanoseconds, says("its time")]
    share: Annotated[Share, says("share of the program's time")]
    exact: Annotated[
        bool,
        says("true if it was measured; false if it is divided from unmeasured time by samples"),
    ]
    what: Annotated[
        str,
        says(
            "what is called or imported: the entry point, the library function with its package, or the "
            "package; empty for the line's own work"
        ),
    ] = ""
    file: Annotated[str, says("file of the user's line; empty if there is none")] = ""
    line: Annotated[Count, says("its number; 0 if there is none")] = 0
    function: Annotated[str, says("its function")] = ""
    source: Annotated[str, says("the line itself")] = ""
    group: Annotated[int | None, says("for inference, its index in `groups`, from 0; else null")] = None


@dataclass(frozen=True)
class ProgramFrame:
    """A frame of the program's call tree."""

    parent: Annotated[
        int, says("its parent's index in the list; -1 for the program itself, which comes first")
    ]
    kind: Annotated[
        str,
        says(
            "`program`, `user`, `library`, `import`, `inference`, `activity`, `recorder`, `phase` (of the "
            "group's calls), or `other` for frames that are too small or were never seen"
        ),
    ]
    name: Annotated[str, says("the function, the package, the entry point, the phase")]
    where: Annotated[str, says("its line or its module; may be empty")]
    total_ns: Annotated[Nanoseconds, says("its time, with callees")]
    self_ns: Annotated[Nanoseconds, says("its time, without callees")]
    group: Annotated[int | None, says("for inference, its index in `groups`, from 0; else null")] = None


@dataclass(frozen=True)
class WholeProgram:
    """The wall time of the first process in which a model was called, as seen by its main thread.

    Work of other threads that call models counts only while the main thread waited.
    """

    process: Annotated[int, says("its number")]
    wall_ns: Annotated[Nanoseconds, says("how long it ran")]
    samples: Annotated[Count, says("samples of its main thread; 0 if there were none")]
    parts: Annotated[list[ProgramPart], says("largest first; they sum to `wall_ns`")]
    tree: Annotated[
        list[ProgramFrame],
        says("the call tree, parents first; small frames are merged"),
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
    thread: Annotated[
        str, says("its name, or how many threads of a process with many that follow each other")
    ]
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
    """How much a group's best recipe would speed up the program: computed, not measured as a whole."""

    group: Annotated[int, says("index in `groups`, from 0")]
    recipe: Annotated[str, says("id of the recipe; empty if only the model is to be kept")]
    title: Annotated[str, says("the change, in words")]
    calls: Annotated[Count, says("warm calls that it would change")]
    call_gain_ns: Annotated[int, says("time that each would save")]
    building_ns: Annotated[
        Nanoseconds, says("one-time cost of building the recipe, beyond the original call's own building")
    ]
    gain_ns: Annotated[int, says("gain of the program: the calls' gain minus the building")]
    program_ns: Annotated[Nanoseconds, says("the program's time with the recipe")]
    models_ns: Annotated[
        Nanoseconds,
        says("time that goes to making models, if each call gets a new one and one is kept instead"),
    ] = 0


@dataclass(frozen=True)
class ProgramCause:
    """Something outside of calls that takes much of the program's time, and what to do about it."""

    cause: Annotated[str, says("its id, see [program.md](program.md#causes-outside-of-the-calls)")]
    title: Annotated[str, says("in plain words, with its figures")]
    file: Annotated[str, says("file of the line that has most of it; empty if there is none")]
    line: Annotated[Count, says("its number; 0 if there is none")]
    total_ns: Annotated[
        Nanoseconds, says("its part of the program's time; 0 for causes that take no measurable time")
    ]
    share: Annotated[Share, says("share of the program's time")]
    evidence: Annotated[list[str], says("the evidence, in sentences")]
    advice: Annotated[str, says("what to do")]
    lines: Annotated[list[int], says("all lines of that file that have a part of it")] = field(
        default_factory=list
    )


@dataclass(frozen=True)
class ProgramReason:
    """Something that takes a part of the program's time, in its calls or outside of them."""

    reason: Annotated[str, says("id of the rule that found it in calls, or of the cause outside of them")]
    title: Annotated[str, says("in plain words, with its figures")]
    where: Annotated[str, says("file and line, or the user's line that the finding names; else empty")]
    total_ns: Annotated[Nanoseconds, says("its part of the program's time; 0 if it takes no measurable time")]
    share: Annotated[Share, says("share of the program's time")]
    group: Annotated[int | None, says("index of its group in `groups`, from 0; null outside of calls")] = None


@dataclass(frozen=True)
class SharedReason:
    """A finding of several lines of code that is large together, and small in each of them."""

    reason: Annotated[str, says("id of the rule that found it")]
    title: Annotated[str, says("of the line that has most of it, with its figures")]
    lines: Annotated[Count, says("how many groups have it")]
    total_ns: Annotated[Nanoseconds, says("what it has of the program in all of them")]
    share: Annotated[Share, says("of the program")]


@dataclass(frozen=True)
class Overhead:
    """What recording cost the program, estimated."""

    total_ns: Annotated[Nanoseconds, says("in all")]
    share: Annotated[Share, says("share of the program's time")]
    parts: Annotated[dict[str, Nanoseconds], says("ns, by the kind of work")]


@dataclass(frozen=True)
class ProgramFigures:
    """The program as a whole."""

    command: Annotated[list[str], says("as in [program.json](recording.md#programjson), like the next four")]
    python: Annotated[str, says("the interpreter")]
    exit_code: Annotated[int | None, says("the program's")]
    complete: Annotated[bool, says("whether it has ended")]
    interrupted: Annotated[bool, says("whether it was stopped")]
    wall_ns: Annotated[
        Nanoseconds,
        says(
            "from the start of the first process, after its interpreter's start, to the end of the "
            "program's code in the last process"
        ),
    ]
    inference_ns: Annotated[Nanoseconds, says("time in which at least one call of a model ran")]
    inference_share: Annotated[Share, says("the same as a share of `wall_ns`")]
    calls: Annotated[Count, says("number of calls")]
    processes: Annotated[list[ProcessFigures], says("the processes in which a model was called")]
    between: Annotated[list[BetweenCalls], says("what Keras did beside inference")]
    samples: Annotated[list[SampledPlace], says("where the program was outside of calls, by sampling")]
    overhead: Annotated[Overhead, says("estimated cost of recording")]
    unfinished: Annotated[list[str], says("calls that did not return, one sentence each")] = field(
        default_factory=list
    )


@dataclass(frozen=True)
class Regularity:
    """How much the warm calls differ."""

    p5_ns: Annotated[Nanoseconds, says("5% of the calls take less")]
    median_ns: Annotated[Nanoseconds, says("median of a call")]
    p95_ns: Annotated[Nanoseconds, says("95% of the calls take less")]


@dataclass(frozen=True)
class ThreadCalls:
    """The calls of one thread."""

    thread: Annotated[str, says("name")]
    calls: Annotated[Count, says("how many")]
    total_ns: Annotated[Nanoseconds, says("of all of them")]


@dataclass(frozen=True)
class Waiting:
    """Calls that overlap with another thread's call, compared with calls that ran alone."""

    alone_median_ns: Annotated[Nanoseconds | None, says("median of calls that ran alone; null without one")]
    together_median_ns: Annotated[Nanoseconds, says("median of calls that overlap with another thread's")]
    together_calls: Annotated[Count, says("number of calls that overlap")]


@dataclass(frozen=True)
class ShapeCalls:
    """Calls of a group on inputs of one shape."""

    inputs: Annotated[list[Input], says("one for each input; a size is null where it varies")]
    calls: Annotated[Count, says("how many")]
    total_ns: Annotated[Nanoseconds, says("of all of them")]
    median_ns: Annotated[Nanoseconds | None, says("median of a warm call; null if none was timed")]


@dataclass(frozen=True)
class GroupCalls:
    """As `CallFigures`, but `warm` is null if no warm call was measured."""

    cold: Annotated[ColdCalls, says("the first calls")]
    warm: Annotated[WarmCalls | None, says("null where no warm call was timed")]


@dataclass(frozen=True)
class GroupReport:
    """Calls of one site, entry point and kind of model. The keys from `workload` on are those of a report."""

    recording: Annotated[str, says("the group's own recording: a folder in the program's recording")]
    process: Annotated[int, says("number of its process; of several, the one with the most time")]
    site: Annotated[Site, says("the line that makes the calls")]
    entry: Annotated[str, says("the entry point")]
    count: Annotated[Count, says("number of its calls")]
    total_ns: Annotated[Nanoseconds, says("their total time: simultaneous calls count each")]
    share_of_wall: Annotated[Share, says("share of the program's time; simultaneous calls count once")]
    share_of_inference: Annotated[Share, says("share of the total time of all calls")]
    regularity: Annotated[Regularity | None, says("of warm `bare` calls; null without one")]
    cold_ns: Annotated[Nanoseconds | None, says("its first call; null if that is not among the calls")]
    once_ns: Annotated[
        Nanoseconds | None,
        says("part of `cold_ns` that later calls do not take: building, tracing, compiling; null as before"),
    ]
    threads: Annotated[list[ThreadCalls], says("the threads that made the calls")]
    waiting: Annotated[Waiting | None, says("null if no call overlaps with another thread's call")]
    workload: Annotated[RecordedWorkload, says("as above, like the keys below")]
    calls: Annotated[GroupCalls, says("if no warm call was timed, `calls.warm` is null")]
    captures: Annotated[list[CaptureFigures], says("empty then")] = field(default_factory=list)
    attribution: Annotated[Attribution | None, says("null then")] = None
    findings: Annotated[list[Finding], says("empty then")] = field(default_factory=list)
    comparisons: Annotated[list[Comparison], says("empty then")] = field(default_factory=list)
    notes: Annotated[list[str], says("empty then")] = field(default_factory=list)
    scaling: Annotated[Scaling | None, says("null where it was not measured")] = None
    processes: Annotated[list[int], says("numbers of all processes that made the calls")] = field(
        default_factory=list
    )
    shapes: Annotated[list[ShapeCalls], says("its calls by the shapes of their inputs, most time first")] = (
        field(default_factory=list)
    )
    union_ns: Annotated[
        Nanoseconds | None, says("time in which at least one of its calls ran; null in an older report")
    ] = None


@dataclass(frozen=True)
class ProgramReport:
    """The content of a program's `report.json`, which alone has the key `program`."""

    schema: Annotated[Schema, says("as above")]
    recording: Annotated[str, says("name of the program's folder")]
    environment: Annotated[RecordedEnvironment, says("environment of the first process")]
    program: Annotated[ProgramFigures, says("the program as a whole")]
    groups: Annotated[
        list[GroupReport],
        says("calls of all processes by line, entry point and kind of model, most time first"),
    ]
    notes: Annotated[list[str], says("as above")] = field(default_factory=list)
    whole: Annotated[
        WholeProgram | None, says("where the program's time goes; null in reports of earlier versions")
    ] = None
    conclusions: Annotated[list[str], says("the conclusions, in sentences, most important first")] = field(
        default_factory=list
    )
    gains: Annotated[
        list[ProgramGain], says("how much recipes would speed up the program, largest gain first")
    ] = field(default_factory=list)
    causes: Annotated[list[ProgramCause], says("causes outside of calls, largest first")] = field(
        default_factory=list
    )
    reasons: Annotated[
        list[ProgramReason],
        says("the findings of all groups and the causes together, largest part of the program first"),
    ] = field(default_factory=list)

    shared_reasons: Annotated[
        list[SharedReason], says("the reasons that several lines share, in the order of `reasons`")
    ] = field(default_factory=list)
    could_take_ns: Annotated[
        Nanoseconds | None,
        says(
            "the program's time with the changes of all lines in `gains`, or with the first one alone if "
            "calls ran on several threads; null without one"
        ),
    ] = None
    timeline: Annotated[
        Timeline | None, says("when each thread did what; null in reports of earlier versions")
    ] = None
    created: Annotated[
        str, says("when it was recorded: local time with the offset; empty in an older report")
    ] = ""

    def of_group(self, group: GroupReport) -> ReportContent | None:
        """The usual report of a group; None if it has no warm call."""
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
            created=self.created,
        )

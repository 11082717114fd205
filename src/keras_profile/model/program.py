"""A recording of a whole program: what its processes did, as stored on disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import numpy.typing as npt

from .described import says
from .environment import RecordedEnvironment
from .ranges import Count, Moment, Nanoseconds
from .recording import CaptureOutcome, RecordedInternal, Schema
from .workload import Place, RecordedWorkload

#: Rows of a table whose columns have names.
Rows = npt.NDArray[Any]


@dataclass(frozen=True)
class GivenUp:
    """A recipe whose trial did not return, so that its process was ended."""

    group: Annotated[int, says("number of the group that it was tried on")]
    text: Annotated[str, says("the recipe, in words")]
    reason: Annotated[str, says("why, in words")]


@dataclass(frozen=True)
class NotRecorded:
    """A process that the program started, which imported TensorFlow and could not be recorded."""

    pid: Annotated[int, says("its number")]
    command: Annotated[str, says("its command line")]
    reason: Annotated[str, says("why, in words")]


@dataclass(frozen=True)
class ProgramFile:
    """The content of `program.json`."""

    schema: Annotated[Schema, says("of this file")]
    created: Annotated[str, says("when it was started")]
    command: Annotated[list[str], says("the program and its arguments; empty if something else starts it")]
    python: Annotated[str, says("path of the interpreter")]
    exit_code: Annotated[
        int | None, says("the program's; null while it runs, and if something else starts it")
    ]
    complete: Annotated[bool, says("whether it has ended")]
    interrupted: Annotated[bool, says("whether it was stopped, by Ctrl-C, SIGTERM or `--for`")]
    given_up: Annotated[list[GivenUp], says("recipes that did not return, so that the process was ended")] = (
        field(default_factory=list)
    )
    not_recorded: Annotated[
        list[NotRecorded], says("processes that it started but that were not recorded")
    ] = field(default_factory=list)
    going_on: Annotated[
        list[int], says("numbers of the processes that went on after its end, such as daemons")
    ] = field(default_factory=list)


@dataclass(frozen=True)
class Site:
    """A line of the user's program that calls a model."""

    file: Annotated[str, says("path")]
    line: Annotated[Count, says("number")]
    function: Annotated[str, says("the line's function")]
    source: Annotated[str, says("the line itself")]
    through: Annotated[
        Place | None, says("the library's line that called Keras for it; null if there is none")
    ] = None
    one_position: Annotated[
        bool, says("whether the line uses one position of the output's second axis, by its source")
    ] = False


@dataclass(frozen=True)
class Group:
    """Calls of one site, entry point and model on inputs of one shape.

    ``base`` is the same for groups that differ in the shapes alone.
    """

    number: int
    site: int
    entry: str
    workload: RecordedWorkload
    varying: bool
    base: int


@dataclass(frozen=True)
class Activity:
    """Work of Keras beside inference. ``within`` is the group whose call it ran in, -1 for none."""

    kind: str
    name: str
    where: str
    begin_ns: Moment
    wall_ns: Nanoseconds
    thread: int
    within: int = -1


@dataclass(frozen=True)
class UnfinishedCall:
    """A call that had not returned, as it was seen last: see ``events.Unfinished``."""

    group: int
    where: str
    entry: str
    begin_ns: Moment
    wall_ns: Nanoseconds
    ended: str
    batches: Count | None
    inside: str
    endless: str
    grown_bytes: Count | None


#: What a frame of a sampled stack is, as ``protocol.SAMPLED_FRAME_KINDS`` says.
SampledFrameKind = Literal["user", "library", "import", "inference", "activity", "recorder", "thread"]


class SampledFrame(msgspec.Struct, frozen=True, array_like=True):
    """A frame of a sampled stack; of a line of the user's, ``source`` is its text and ``looped`` whether
    it is in a loop of its function.
    """

    kind: SampledFrameKind
    file: str
    module: str
    function: str
    line: Count
    source: str = ""
    looped: bool = False


@dataclass(frozen=True)
class StackNodes:
    """Paths of frames that were seen, in columns: node 0 is no frame, parents come before children.

    ``wall_ns`` is the time that a path had for itself, ``cpu_ns`` the whole process's meanwhile.
    """

    parent: list[int]
    frame: list[int]
    count: list[Count]
    wall_ns: list[Nanoseconds]
    cpu_ns: list[Nanoseconds]


@dataclass(frozen=True)
class Stacks:
    """Where threads were, by sampling, from ``began_ns`` on; ``paused_ns`` of it nothing looked."""

    began_ns: Moment
    last_ns: Moment
    paused_ns: Nanoseconds
    ticks: Count
    frames: list[SampledFrame]
    nodes: StackNodes


@dataclass(frozen=True)
class ProcessRecording:
    """What one process recorded. Times are of its ``perf_counter_ns``; ``calls`` are rows of
    ``protocol.CALL_FIELDS`` in the order in which the calls ended.

    ``ended_ns`` is None where the program's own code did not come to its end; ``overhead`` is ns by
    what cost them; ``captures`` are by group. ``time`` is the time of day at ``began_ns``, None where
    nothing tells, and ``boot`` the id of the machine's boot, empty for none. ``clock_ns`` added to the
    process's times gives those of a clock that all processes of the program share. ``damage`` is what
    could not be read, in words.
    """

    folder: Path
    pid: int
    parent: int
    argv: list[str]
    forked: bool
    time: float | None
    boot: str
    began_ns: Moment
    ended_ns: int | None
    raised: str | None
    environment: RecordedEnvironment
    internals: list[RecordedInternal]
    sites: dict[int, Site]
    groups: dict[int, Group]
    captures: dict[int, list[CaptureOutcome]]
    activities: list[Activity]
    announcements: list[str]
    overhead: dict[str, int]
    threads: dict[int, str]
    calls: Rows
    stacks: Stacks | None
    unfinished: list[UnfinishedCall] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    clock_ns: int = 0

    @property
    def started_ns(self) -> int:
        """When it began, by the clock that all processes share."""
        return self.began_ns + self.clock_ns

    @property
    def last_ns(self) -> int:
        """When the program's own code ended, or what was last heard of it."""
        if self.ended_ns is not None:
            return self.ended_ns
        ends = [self.began_ns, *(one.begin_ns + one.wall_ns for one in self.activities)]
        if len(self.calls):
            ends.append(int((self.calls["begin_ns"] + self.calls["wall_ns"]).max()))
        if self.stacks is not None:
            ends.append(self.stacks.last_ns)
        return max(ends)


@dataclass(frozen=True)
class ProgramRecording:
    """The recording of a program and its folder; ``damage`` is what could not be read."""

    folder: Path
    content: ProgramFile
    processes: list[ProcessRecording]
    damage: list[str] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        """Whether the end of the program is unknown: it runs, or was not started by the driver."""
        return not self.content.complete

"""The report of a whole program: ``report.json`` of it.

Integer nanoseconds; shares as fractions of 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

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
from .workload import RecordedWorkload


@dataclass(frozen=True)
class ProcessFigures:
    """One process: how long it ran and how much of it was inference.

    ``ended`` is False where it was killed or still runs, ``raised`` is the exception that ended it.
    """

    pid: int
    parent: int
    argv: list[str]
    forked: bool
    ended: bool
    raised: str | None
    wall_ns: int
    calls: int
    inference_ns: int
    threads: int


@dataclass(frozen=True)
class BetweenCalls:
    """What Keras did beside inference: ``kind`` is training, evaluating, loading, compiling or importing."""

    kind: str
    name: str
    where: str
    count: int
    total_ns: int


@dataclass(frozen=True)
class SampledPlace:
    """A line where the program was between calls, and its share of the time between them."""

    file: str
    line: int
    function: str
    share: float


@dataclass(frozen=True)
class Overhead:
    """What recording cost the program, estimated: in all, as a share of its time, and by part."""

    total_ns: int
    share: float
    parts: dict[str, int]


@dataclass(frozen=True)
class ProgramFigures:
    """The program as a whole. ``inference_ns`` counts time in which several calls run once."""

    command: list[str]
    python: str
    exit_code: int | None
    complete: bool
    interrupted: bool
    wall_ns: int
    inference_ns: int
    inference_share: float
    calls: int
    processes: list[ProcessFigures]
    between: list[BetweenCalls]
    samples: list[SampledPlace]
    overhead: Overhead


@dataclass(frozen=True)
class Regularity:
    """How much the warm calls differ."""

    p5_ns: int
    median_ns: int
    p95_ns: int


@dataclass(frozen=True)
class ThreadCalls:
    """The calls of one thread."""

    thread: str
    calls: int
    total_ns: int


@dataclass(frozen=True)
class Waiting:
    """Calls during which other threads' calls ran, against those alone."""

    alone_median_ns: int | None
    together_median_ns: int
    together_calls: int


@dataclass(frozen=True)
class GroupCalls:
    """As ``CallFigures``, but ``warm`` is None where no warm call was measured."""

    cold: ColdCalls
    warm: WarmCalls | None


@dataclass(frozen=True)
class GroupReport:
    """Calls of one site, entry point and model. From ``workload`` on the keys are a report's.

    ``recording`` is the folder of the group's own recording, in that of the program. Where only the
    first call was made there are no figures of warm calls and no attribution.
    """

    recording: str
    process: int
    site: Site
    entry: str
    count: int
    total_ns: int
    share_of_wall: float
    share_of_inference: float
    regularity: Regularity | None
    cold_ns: int | None
    threads: list[ThreadCalls]
    waiting: Waiting | None
    workload: RecordedWorkload
    calls: GroupCalls
    captures: list[CaptureFigures] = field(default_factory=list)
    attribution: Attribution | None = None
    findings: list[Finding] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    scaling: Scaling | None = None


@dataclass(frozen=True)
class ProgramReport:
    """The content of ``report.json`` of a program; it has the key ``program``, others have not."""

    schema: Schema
    recording: str
    environment: RecordedEnvironment
    program: ProgramFigures
    groups: list[GroupReport]
    notes: list[str] = field(default_factory=list)

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

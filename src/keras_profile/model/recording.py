"""A recording: everything recorded of one workload, as stored on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET

from .described import says
from .environment import RecordedEnvironment
from .ranges import Count, Moment, Nanoseconds
from .workload import Absent, RecordedWorkload


@dataclass(frozen=True)
class Schema:
    """The name and version of a file's format."""

    name: str
    version: int

    @classmethod
    def of(cls, known: Mapping[str, object]) -> Schema:
        """A schema as the recorder's protocol has it."""
        return cls(str(known["name"]), int(str(known["version"])))


CaptureStatus = Literal["ok", "failed", "skipped"]


class Unprobed(msgspec.Struct, frozen=True):
    """An internal that got no probe, by its row of the recording's internals."""

    internal: Count
    reason: str


class CaptureDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What a capture says about itself; each has its own keys."""

    mechanism: str | Absent = UNSET
    unprobed: list[Unprobed] | Absent = UNSET
    interval_ns: Nanoseconds | Absent = UNSET
    sampled_calls: Count | Absent = UNSET
    steps: Count | Absent = UNSET
    blocks: Count | Absent = UNSET
    annotation_error_ns: Nanoseconds | Absent | None = UNSET
    profiled_calls: Count | Absent = UNSET
    call_cost_ns: float | Absent = UNSET


@dataclass(frozen=True)
class CaptureOutcome:
    """How a capture went, and why."""

    name: Annotated[str, says("the capture")]
    status: Annotated[CaptureStatus, says("how it went")]
    reason: Annotated[str, says("why, in words")]
    details: Annotated[CaptureDetails, says("what it says about itself; each capture has its own keys")] = (
        field(default_factory=CaptureDetails)
    )


@dataclass(frozen=True)
class Calls:
    """All measured calls: columns of equal length, one entry per call, in the order they were made."""

    capture: Annotated[list[str], says("the capture's name")]
    round: Annotated[list[int], says("from 0; -1 for the cold call")]
    cold: Annotated[list[bool], says("true for the first call of a process")]
    begin_ns: Annotated[list[Moment], says("`perf_counter_ns` of the profiled process")]
    wall_ns: Annotated[list[Nanoseconds], says("wall time")]
    cpu_ns: Annotated[list[Nanoseconds], says("processor time of the process over the call, all threads")]
    rss_bytes: Annotated[list[Count | None], says("resident memory after a `bare` call; else null")]

    def __post_init__(self) -> None:
        columns = (
            self.capture,
            self.round,
            self.cold,
            self.begin_ns,
            self.wall_ns,
            self.cpu_ns,
            self.rss_bytes,
        )
        if len({len(column) for column in columns}) != 1:
            raise ValueError("the columns of calls differ in length")

    def wall(self, capture: str, cold: bool = False) -> list[int]:
        """Wall times of one capture's calls, in the order they were made."""
        return [
            wall
            for name, is_cold, wall in zip(self.capture, self.cold, self.wall_ns)
            if name == capture and is_cold == cold
        ]


@dataclass(frozen=True)
class RecordedInternal:
    """A row of the internals table as the profiled interpreter had it.

    Its position in the list is the internal's number in `spans.npz`.
    """

    module: Annotated[str, says("with the Keras root in place of `K`")]
    qualname: Annotated[str, says("qualified name")]
    table_module: Annotated[str, says("as in the table")]
    file: Annotated[
        str | None, says("null if the interpreter has no such function: this shows which rows were found")
    ]
    line: Annotated[Count | None, says("the same")]
    loaded: Annotated[
        bool,
        says(
            "false if the module is installed but was not loaded, so that none of it could run; "
            "recordings of the first versions lack this key"
        ),
    ] = True


@dataclass(frozen=True)
class RecordingFile:
    """The content of `recording.json`."""

    schema: Annotated[Schema, says("of this file")]
    created: Annotated[str, says("local time with the offset")]
    complete: Annotated[bool, says("false until the session has ended; stays false if the process died")]
    interrupted: Annotated[bool, says("whether it was stopped by Ctrl-C")]
    environment: Annotated[RecordedEnvironment, says("the profiled interpreter")]
    workload: Annotated[RecordedWorkload, says("what was called, with which inputs")]
    captures: Annotated[list[CaptureOutcome], says("how each went")]
    calls: Annotated[Calls, says("every call, in columns")]
    internals: Annotated[list[RecordedInternal], says("one row for each row of the internals table")]


@dataclass(frozen=True)
class Recording:
    """A recording and its folder."""

    folder: Path
    content: RecordingFile

    @property
    def name(self) -> str:
        return self.folder.name

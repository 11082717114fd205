"""A recording: everything recorded of one workload, as it lies on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import UNSET

from .environment import RecordedEnvironment
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

    internal: int
    reason: str


class CaptureDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What a capture says of itself; each has keys of its own."""

    mechanism: str | Absent = UNSET
    unprobed: list[Unprobed] | Absent = UNSET
    interval_ns: int | Absent = UNSET
    sampled_calls: int | Absent = UNSET
    steps: int | Absent = UNSET
    blocks: int | Absent = UNSET
    annotation_error_ns: int | Absent | None = UNSET
    profiled_calls: int | Absent = UNSET
    call_cost_ns: float | Absent = UNSET


@dataclass(frozen=True)
class CaptureOutcome:
    """How a capture went, and why."""

    name: str
    status: CaptureStatus
    reason: str
    details: CaptureDetails = field(default_factory=CaptureDetails)


@dataclass(frozen=True)
class Calls:
    """All measured calls, a column each; ``round`` is -1 for the cold call.

    Times are ns; ``begin_ns`` is of the profiled process's ``perf_counter_ns``;
    ``cpu_ns`` is the process's CPU time over the call, all threads; ``rss_bytes`` is
    resident memory after a ``bare`` call.
    """

    capture: list[str]
    round: list[int]
    cold: list[bool]
    begin_ns: list[int]
    wall_ns: list[int]
    cpu_ns: list[int]
    rss_bytes: list[int | None]

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

    ``file`` and ``line`` are None where the interpreter has no such function; ``loaded``
    is False where its module is installed there but was not loaded, so that none could run.
    """

    module: str
    qualname: str
    table_module: str
    file: str | None
    line: int | None
    loaded: bool = True


@dataclass(frozen=True)
class RecordingFile:
    """The content of ``recording.json``."""

    schema: Schema
    created: str
    complete: bool
    interrupted: bool
    environment: RecordedEnvironment
    workload: RecordedWorkload
    captures: list[CaptureOutcome]
    calls: Calls
    internals: list[RecordedInternal]


@dataclass(frozen=True)
class Recording:
    """A recording and the folder that it lies in."""

    folder: Path
    content: RecordingFile

    @property
    def name(self) -> str:
        return self.folder.name

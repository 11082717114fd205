"""What the steps of traces that others made are divided into.

Integer nanoseconds; shares as fractions of 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ...model.devices import DeviceDivision, KernelShare
from ...model.recording import Schema
from ...model.report import Finding

#: Name and version of what ``keras-profile trace --json`` prints.
#:
#: History: 1 is the first. Keys may be added without a new version.
TRACE_SCHEMA = Schema("keras_profile.trace", 1)


@dataclass(frozen=True)
class TraceEvent:
    """An event of TensorFlow: its own time in a step, and how often a step has it."""

    event: str
    self_ns: int
    count_per_step: float


@dataclass(frozen=True)
class TracePhase:
    """A part of a step. ``between_ns`` of its time is Python between TensorFlow's events."""

    phase: str
    self_ns: int
    share: float
    between_ns: int
    events: list[TraceEvent]


@dataclass(frozen=True)
class ThreadWork:
    """What other threads of one kind did during the steps, per step; never part of a phase."""

    kind: str
    threads: int
    busy_ns: int
    events: list[TraceEvent]


@dataclass(frozen=True)
class TraceDivision:
    """An average step: its phases sum to ``step_ns`` exactly."""

    steps: int
    step_ns: int
    median_step_ns: int
    phases: list[TracePhase]
    kernels: list[KernelShare]
    other_threads: list[ThreadWork]


@dataclass(frozen=True)
class StepColumns:
    """Every step, column by column; the phases of each sum to its total exactly.

    ``name`` is the step marker's, empty where there is none; ``begin_ns`` counts from where
    the first thread of the trace begins.
    """

    name: list[str]
    begin_ns: list[int]
    total_ns: list[int]
    phases_ns: dict[str, list[int]]


@dataclass(frozen=True)
class HostTrace:
    """One trace file.

    ``step_names`` are the step markers' names, none where the trace has no steps and all
    of the main thread is one. ``annotated`` says whether probes of a recording named phases;
    ``calls_found`` whether the steps are repeated calls that were found, and not marked;
    ``made_by`` which program made the trace: ``tensorflow`` or ``jax``. ``devices`` are the GPUs and TPUs
    that did something, beside the host's division; ``findings`` what rules say of them.
    """

    file: str
    host: str
    events: int
    thread: str
    step_names: list[str]
    annotated: bool
    made_by: str
    calls_found: bool
    division: TraceDivision
    steps: StepColumns
    notes: list[str]
    devices: list[DeviceDivision] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class FailedTrace:
    """A file that could not be read, why, and what to do."""

    file: str
    reason: str
    advice: str


@dataclass(frozen=True)
class TraceReport:
    """All files that were asked for, and all their steps together where there are several.

    ``copies`` are files that were left out because another one has the same content, ``other_formats``
    because another one is the same trace in a better format; ``failed`` could not be read.
    """

    schema: Schema
    hosts: list[HostTrace]
    joint: TraceDivision | None
    not_told: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    other_formats: list[str] = field(default_factory=list)
    failed: list[FailedTrace] = field(default_factory=list)

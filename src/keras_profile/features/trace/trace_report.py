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
class ProfilePhase:
    """A phase of calls of a model; ``share`` is that of all of them, or of all of its entry point."""

    phase: str
    cost: int
    share: float


@dataclass(frozen=True)
class ProfileEntry:
    """An entry point: what its calls cost, ``share`` of the program, and how many they are.

    ``entry`` is ``predict``, ``predict_on_batch``, ``call``, ``fit`` or ``evaluate``; the last two are
    ``is_training`` and have no phases. Nor have the others in counts of several, which do not show them
    apart. ``calls`` is null if the profile does not count.
    """

    entry: str
    is_training: bool
    cost: int
    share: float
    calls: int | None
    phases: list[ProfilePhase]


@dataclass(frozen=True)
class ProfileInternal:
    """A function of Keras or TensorFlow within calls of a model: ``cost`` includes what it calls.

    ``share`` is that of all calls of a model; ``calls`` is null if the profile does not count.
    """

    module: str
    qualname: str
    phase: str
    cost: int
    self_cost: int
    share: float
    calls: int | None


@dataclass(frozen=True)
class ProfileCaller:
    """A function or line of the program that calls an entry point; ``share`` is that of the program.

    ``line`` is the one that ran, or in a profile of cProfile the function's first.
    """

    function: str
    file: str
    line: int
    entry: str
    cost: int
    share: float
    calls: int | None


@dataclass(frozen=True)
class ProfileFunction:
    """A function of the program by its own cost; ``share`` is that of the program."""

    function: str
    file: str
    line: int
    self_cost: int
    share: float


@dataclass(frozen=True)
class ProfileDivision:
    """The profile of a program that another profiler made.

    Costs are in ``unit``: ``nanoseconds``, or ``samples`` if the file does not say how long one is.
    ``format`` is ``pstats``, ``pyinstrument``, ``speedscope`` or ``folded``. ``threads`` is 0 if the file
    does not say it. ``inference`` and ``training`` are parts of ``total``; ``phases`` sum to ``inference``
    exactly, and those of an entry point, if it has any, to its cost. ``has_framework`` says whether there is
    any function of Keras or TensorFlow, ``keras`` the package below which Keras' functions are,
    ``generation`` the one of the internals table that has most in common with them. ``functions`` are the
    most expensive of the program. ``not_told`` is what such a profile cannot show, in a sentence.
    """

    file: str
    format: str
    made_by: str
    unit: str
    threads: int
    has_framework: bool
    keras: str
    generation: str
    total: int
    inference: int
    training: int
    entries: list[ProfileEntry]
    phases: list[ProfilePhase]
    internals: list[ProfileInternal]
    callers: list[ProfileCaller]
    functions: list[ProfileFunction]
    not_told: str
    notes: list[str]


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
    because another one is the same trace in a better format; ``failed`` could not be read. ``profiles`` are
    files of other profilers, which have no steps.
    """

    schema: Schema
    hosts: list[HostTrace]
    joint: TraceDivision | None
    not_told: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    other_formats: list[str] = field(default_factory=list)
    failed: list[FailedTrace] = field(default_factory=list)
    profiles: list[ProfileDivision] = field(default_factory=list)

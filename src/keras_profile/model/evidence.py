"""The evidence: what the recording and the attribution give for rules to judge by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .devices import DeviceDivision
from .environment import Environment
from .report import CallFigures, Comparison, InternalShare, LayerShare, NativeShare, PhaseShare
from .workload import Workload


@dataclass(frozen=True)
class SpanFacts:
    """What the spans show call by call, beyond the phases' shares. ``..._share`` are of a call.

    ``pipeline_tracing_share`` is tracing of the functions that a tf.data pipeline is made
    of; ``other_tracing_share`` all other, which ``other_traces_per_call`` counts and
    ``calls_that_trace``, of ``calls``, have. ``unread_iterators_per_call`` counts
    iterators from which no batch was fetched, ``unread_iterators_share`` is the time in which
    they were made. ``first_fetch_share`` is the first batch's, where batches are fetched by themselves.
    In ``tuner_waits`` of the calls, destroying the pipeline ended when the thread that tunes it wakes up;
    ``tuner_wait_share`` is how long that took.
    """

    calls: int
    pipeline_tracing_share: float
    other_tracing_share: float
    other_traces_per_call: float
    calls_that_trace: int
    iterators_per_call: float
    unread_iterators_per_call: float
    unread_iterators_share: float
    first_fetch_share: float = 0.0
    tuner_waits: int = 0
    tuner_wait_share: float = 0.0


@dataclass(frozen=True)
class FunctionCost:
    """A Python function as cProfile counted it: times a call and total ns a call."""

    file: str
    line: int
    name: str
    count_per_call: float
    total_ns: int


@dataclass(frozen=True)
class MemoryGrowth:
    """The slope of resident memory over warm calls, in bytes a call, with its interval."""

    bytes_per_call: float
    ci95: tuple[float, float]
    calls: int


@dataclass(frozen=True)
class WarmUp:
    """The calls in a row after the first two that take far longer than later ones.

    ``steady_ns`` is the median of the later half of the ``measured`` calls, ``excess_ns`` what
    the slow ``calls`` took beyond it, all together.
    """

    calls: int
    measured: int
    steady_ns: int
    excess_ns: int


@dataclass(frozen=True)
class Evidence:
    """All there is. What was not recorded is None; rules see only what they declare.

    ``workload`` and ``environment`` are those of the report.
    """

    workload: Workload
    environment: Environment
    calls: CallFigures
    phases: Mapping[str, PhaseShare] | None = None
    spans: SpanFacts | None = None
    internals: list[InternalShare] | None = None
    native: list[NativeShare] | None = None
    layers: list[LayerShare] | None = None
    devices: list[DeviceDivision] | None = None
    functions: list[FunctionCost] | None = None
    memory: MemoryGrowth | None = None
    warm_up: WarmUp | None = None
    comparisons: list[Comparison] | None = None

"""The report: the public, versioned result, as ``report.json`` has it.

Integer nanoseconds; shares as fractions of 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import msgspec

from .environment import RecordedEnvironment
from .recording import CaptureStatus, Schema
from .workload import RecordedWorkload

#: Name and version of ``report.json``.
#:
#: History: 1 is the first. Keys may be added without a new version.
REPORT_SCHEMA = Schema("keras_profile.report", 1)

#: What a rule says of its cause, in the order of a report.
FindingVerdict = Literal["found", "cannot_tell", "not_found"]
#: What is said of a change that was to be tried, in the order of a table.
ComparisonVerdict = Literal[
    "faster",
    "no_difference",
    "slower",
    "cannot_tell",
    "outputs_differ",
    "failed",
    "not_tried",
    "not_applicable",
]
#: Whether another instrument has the share of a phase that the spans have.
AgreementVerdict = Literal["agree", "differ", "too few samples", "not measured"]

#: Which thread an event of TensorFlow's was on: the one that made the call, or another.
EventThread = Literal["calling", "other"]


@dataclass(frozen=True)
class ColdCalls:
    """Calls that import, build, trace or compile: the first of the process."""

    count: int
    total_ns: int
    phases: list[ColdPhase] = field(default_factory=list)


@dataclass(frozen=True)
class ColdPhase:
    """What a phase had of the cold call; 0 is left out."""

    phase: str
    self_ns: int


@dataclass(frozen=True)
class WarmCalls:
    """The calls that the report is of, measured with nothing installed (``bare``).

    ``cpu_median_ns`` counts all threads. ``rss_growth_bytes_per_call`` is None where
    the system does not tell.
    """

    count: int
    median_ns: int
    median_ci95_ns: tuple[int, int]
    p95_ns: int
    cpu_median_ns: int
    rss_growth_bytes_per_call: float | None


@dataclass(frozen=True)
class CallFigures:
    """How long cold and warm calls took."""

    cold: ColdCalls
    warm: WarmCalls


@dataclass(frozen=True)
class CaptureFigures:
    """One capture: its median call, and that over the bare median.

    ``median_ns`` and ``inflation`` are None where no warm call was captured.
    """

    name: str
    status: CaptureStatus
    reason: str
    calls: int
    median_ns: int | None
    inflation: float | None


@dataclass(frozen=True)
class PhaseShare:
    """A phase's part of the median call.

    ``unnamed_share`` is how much of it, by sampling, lies in functions that the
    internals table does not name; None without samples.
    """

    phase: str
    self_ns: int
    share: float
    share_ci95: tuple[float, float]
    unnamed_share: float | None
    count_per_call: float


@dataclass(frozen=True)
class InternalShare:
    """A Keras or TensorFlow function: total time includes its callees'.

    ``parent`` is the qualified name of the internal that most of its calls came from,
    None where that is the user's call itself.
    """

    module: str
    qualname: str
    phase: str
    total_ns: int
    self_ns: int
    total_share: float
    count_per_call: float
    parent: str | None


@dataclass(frozen=True)
class NativeShare:
    """Time of TensorFlow's own events within a phase.

    ``thread`` is ``calling`` for events that are part of the phase's time, ``other``
    for what ran on other threads meanwhile.
    """

    event: str
    phase: str
    self_ns: int
    count_per_call: float
    thread: EventThread


class LayerShare(msgspec.Struct, frozen=True, rename={"layer_class": "class"}):
    """A layer's kernels: time on all threads, and its share of all kernels' time.

    A msgspec struct and no dataclass, since its key ``class`` is no Python name.
    """

    layer: str
    layer_class: str
    self_ns: int
    share: float
    ops: list[str]


@dataclass(frozen=True)
class Agreement:
    """One phase's share by each instrument, and whether they agree with the spans.

    ``sampled_…`` is None where nothing was sampled, ``counted_…`` (cProfile's) where
    nothing was counted. ``because`` gives the known causes of a difference, a sentence each.
    """

    phase: str
    spans_share: float
    spans_ci95: tuple[float, float]
    sampled_share: float | None
    sampled_ci95: tuple[float, float] | None
    verdict: AgreementVerdict
    counted_share: float | None
    counted_verdict: AgreementVerdict
    because: list[str]


@dataclass(frozen=True)
class MissingInternal:
    """A row of the internals table that the nearest known generation has and this release lacks."""

    module: str
    qualname: str
    phase: str


@dataclass(frozen=True)
class TableCoverage:
    """How well the internals table knows the recorded release.

    ``generation`` is the known one that it is nearest to; of ``rows`` that were looked
    for ``resolved`` are there.
    """

    generation: str
    rows: int
    resolved: int
    missing: list[MissingInternal]


@dataclass(frozen=True)
class Attribution:
    """The partition of the median call into phases, and the views beside it.

    ``model_share`` is the share of the call in which the user's model runs; ``table`` is
    None where no internal was found.
    """

    total_ns: int
    unattributed_ns: int
    model_share: float
    phases: list[PhaseShare]
    internals: list[InternalShare]
    native: list[NativeShare]
    layers: list[LayerShare]
    agreement: list[Agreement]
    notes: list[str]
    table: TableCoverage | None = None


@dataclass(frozen=True)
class Finding:
    """What a rule concluded, with its evidence.

    ``share`` is the cost as a share of the call, ``sure`` how sure that is, ``where`` the
    user's line, ``needs`` what is missing to tell. All but the first four are empty
    where the cause was not found.
    """

    rule: str
    verdict: FindingVerdict
    title: str
    phase: str
    cost_ns_per_call: int
    evidence: list[str]
    recipes: list[str]
    share: float = 0.0
    sure: str = ""
    where: str = ""
    needs: str = ""


@dataclass(frozen=True)
class Outputs:
    """Whether a recipe's outputs are the original's: to the bit, and else how near.

    ``max_abs_error`` is absolute; ``tolerance`` is what was allowed, as a part of the
    largest number of an output. ``inputs`` says on which inputs they were compared, on
    ``rows`` rows in all.
    """

    equal: bool
    max_abs_error: float | None
    tolerance: float
    inputs: list[str] = field(default_factory=list)
    rows: int = 0


@dataclass(frozen=True)
class Comparison:
    """A recipe's change held against the original call.

    Times are for the work of one original call; ``calls`` is of how many the change does
    the work at once. ``speedup`` is the ratio of the medians over ``rounds`` rounds. ``where`` is
    ``in_process``, ``on_copy`` (of the model) or ``own_process``. ``warmup_ns`` is what building it
    and its first call took, ``peak_bytes`` by how much that call's memory rose.
    """

    recipe: str
    title: str
    code: str
    verdict: ComparisonVerdict
    before_ns: int
    after_ns: int | None
    speedup: float | None
    speedup_ci95: tuple[float, float] | None
    outputs: Outputs | None
    reason: str
    where: str = "in_process"
    approximate: bool = False
    calls: int = 1
    rounds: int = 0
    warmup_ns: int | None = None
    peak_bytes: int | None = None


@dataclass(frozen=True)
class CostPoint:
    """The median call with so many rows."""

    rows: int
    median_ns: int


@dataclass(frozen=True)
class CostModel:
    """What a way of making the call costs: by call, by batch and by row, fitted to ``points``.

    ``recipe`` is None for the original call. ``batch_ns`` is None where all rows are one
    batch: then ``fixed_ns`` has it. ``largest_deviation`` is how far the fit is from a point
    at most, as a part of it.
    """

    recipe: str | None
    title: str
    fixed_ns: int
    batch_ns: int | None
    row_ns: float
    largest_deviation: float
    points: list[CostPoint]


@dataclass(frozen=True)
class Scaling:
    """How the costs of the original call and of the best change grow with the rows.

    From ``crossover_rows`` rows on the original is as fast; None where it never is.
    """

    original: CostModel
    best: CostModel
    batch_size: int
    crossover_rows: int | None


@dataclass(frozen=True)
class ReportContent:
    """The content of ``report.json``."""

    schema: Schema
    recording: str
    environment: RecordedEnvironment
    workload: RecordedWorkload
    calls: CallFigures
    captures: list[CaptureFigures]
    attribution: Attribution
    findings: list[Finding]
    comparisons: list[Comparison]
    notes: list[str] = field(default_factory=list)
    scaling: Scaling | None = None

"""The experiment of the compile() question: what was measured, and the claims about it.

Integer nanoseconds; shares as fractions of 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from ....model.environment import RecordedEnvironment
from ....model.recording import Schema

#: Name and version of ``reproduce.json``.
#:
#: History: 1 is the first. Keys may be added without a new version.
REPRODUCTION_SCHEMA = Schema("keras_profile.reproduction", 1)

#: What measurements say about a claim.
ClaimVerdict = Literal["holds", "does_not_hold", "cannot_tell"]
HOLDS: Final = "holds"
DOES_NOT_HOLD: Final = "does_not_hold"
CANNOT_TELL: Final = "cannot_tell"


@dataclass(frozen=True)
class InternalFact:
    """An internal that ran in warm calls: its share of them, callees included."""

    module: str
    qualname: str
    share: float
    share_ci95: tuple[float, float]
    count_per_call: float


@dataclass(frozen=True)
class InternalName:
    """An internal that ran in the cold call."""

    module: str
    qualname: str


@dataclass(frozen=True)
class Timing:
    """The warm calls of a workload, and the first one.

    ``speedup`` is the median call of the compiled model's ``predict`` over this one's,
    of the same model size; None where that was not measured.
    """

    calls: int
    median_ns: int
    median_ci95_ns: tuple[int, int]
    cold_ns: int
    speedup: float | None
    speedup_ci95: tuple[float, float] | None


@dataclass(frozen=True)
class Spans:
    """What the probes saw; ``traced_per_call`` counts functions traced in warm calls."""

    model_share: float
    traced_per_call: float
    warm: list[InternalFact]
    cold: list[InternalName]


@dataclass(frozen=True)
class WorkloadFacts:
    """One step of the experiment. Where it failed, ``timing`` is None and ``reason`` says why.

    ``recording`` is its folder's name, ``flag`` is ``model._experimental_run_tf_function``,
    None where the model has no such.
    """

    workload: str
    title: str
    recording: str
    reason: str = ""
    compiled: bool | None = None
    flag: bool | None = None
    timing: Timing | None = None
    spans: Spans | None = None


@dataclass(frozen=True)
class ClaimResult:
    """A claim of the answer beside what was measured; ``rule`` says when it holds."""

    claim: str
    text: str
    claimed: str
    rule: str
    verdict: ClaimVerdict
    measured: str


@dataclass(frozen=True)
class Reproduction:
    """The content of ``reproduce.json``."""

    schema: Schema
    recordings: str
    environment: RecordedEnvironment
    seconds: float
    workloads: list[WorkloadFacts]
    claims: list[ClaimResult]
    notes: list[str] = field(default_factory=list)

"""One call over several releases or commits: what it costs in each, and where that stepped.

Integer nanoseconds; shares as fractions of 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ....model.comparison import DifferenceVerdict, PhaseDifference
from ....model.environment import RecordedEnvironment
from ....model.recording import Schema
from ....model.report import PhaseShare
from ....model.workload import RecordedWorkload

#: Name and version of ``history.json``.
#:
#: History: 1 is the first. Keys may be added without a new version.
HISTORY_SCHEMA = Schema("keras_profile.history", 1)


@dataclass(frozen=True)
class Division:
    """What a call is made of.

    ``fixed_ns`` is the call less the phases in which the model runs, which have
    ``model_share`` of it. ``graphs_traced`` counts functions traced into graphs in each
    call. The phases sum to the call's median.
    """

    fixed_ns: int
    model_share: float
    graphs_traced: float
    phases: list[PhaseShare]


@dataclass(frozen=True)
class FurtherBatches:
    """A call of many batches: what each batch after the first one adds.

    ``batch_ns`` is the difference of the two median calls over that of their batches.
    """

    recording: str
    batches: int
    calls: int
    median_ns: int
    batch_ns: int
    batch_ci95_ns: tuple[int, int]


@dataclass(frozen=True)
class CallCost:
    """The warm ``bare`` calls of one batch.

    ``division`` is None where there were no spans to divide them by.
    """

    recording: str
    calls: int
    median_ns: int
    median_ci95_ns: tuple[int, int]
    division: Division | None


@dataclass(frozen=True)
class Release:
    """One interpreter, as the user gave it, or a ``commit``, and what was measured there.

    Where that failed, ``call`` is None and ``reason`` says why; ``environment`` is
    empty where not even that is known. ``batches`` is None where the call of many
    batches was not measured; a note says why. ``commit`` has the short name and the subject.
    """

    interpreter: str
    reason: str = ""
    environment: RecordedEnvironment = field(default_factory=lambda: RecordedEnvironment({}))
    call: CallCost | None = None
    batches: FurtherBatches | None = None
    commit: str = ""


@dataclass(frozen=True)
class Step:
    """A state against the one before it, both measured in turn: a second time if they seemed to differ.

    ``verdict`` is ``slower`` or ``faster`` only if both times said so; ``phases`` are those of which both
    times said so, the largest difference first. The figures are those of the last time.
    ``comparison`` is the folder of that time's files.
    """

    before: str
    after: str
    verdict: DifferenceVerdict
    ratio: float
    ratio_ci99: tuple[float, float] | None
    difference_ns: int
    phases: list[PhaseDifference]
    words: str
    comparison: str


@dataclass(frozen=True)
class PhaseMeaning:
    """A phase that occurs in some release, in a few words."""

    phase: str
    meaning: str
    runs_the_model: bool


@dataclass(frozen=True)
class History:
    """The content of ``history.json``: releases or commits oldest first, those that failed last.

    ``workload`` is that of the oldest release; ``phases`` are in the order of a call; ``steps`` are in the
    order of the releases.
    """

    schema: Schema
    recordings: str
    seconds: float
    workload: RecordedWorkload
    releases: list[Release]
    phases: list[PhaseMeaning]
    notes: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

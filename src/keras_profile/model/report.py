"""The report: the public, versioned result, as ``report.json`` has it.

Integer nanoseconds; shares as fractions of 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec

from .described import says
from .environment import RecordedEnvironment
from .ranges import Count, Nanoseconds, Share
from .recording import CaptureStatus, Schema
from .workload import RecordedWorkload

#: Name and version of ``report.json``.
#:
#: History: 1 is the first. In 2 a comparison has ``speedup_ci99`` in place of ``speedup_ci95``, and one
#: ``before_ns`` for all. Keys may be added without a new version.
REPORT_SCHEMA = Schema("keras_profile.report", 2)

#: What a rule says of its cause, in the order of a report. What is included is said within another finding.
FindingVerdict = Literal["found", "included", "cannot_tell", "not_found"]
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
    """Calls that import, build, trace or compile: the first of the process.

    More than one comes from `--isolate`.
    """

    count: Annotated[Count, says("how many")]
    total_ns: Annotated[Nanoseconds, says("of all together")]
    phases: Annotated[list[ColdPhase], says("of the cold calls under `spans`")] = field(default_factory=list)


@dataclass(frozen=True)
class ColdPhase:
    """What a phase had of the cold calls; 0 is left out."""

    phase: Annotated[str, says("name")]
    self_ns: Annotated[Nanoseconds, says("its own time")]


@dataclass(frozen=True)
class WarmCalls:
    """The calls that the report is of, measured with nothing installed (`bare`).

    Without these they are those under `spans`, and a note says so.
    """

    count: Annotated[Count, says("how many")]
    median_ns: Annotated[Nanoseconds, says("of a call")]
    median_ci95_ns: Annotated[tuple[Nanoseconds, Nanoseconds], says("interval of the median")]
    p95_ns: Annotated[Nanoseconds, says("of a call: 95% take less")]
    cpu_median_ns: Annotated[Nanoseconds, says("processor time, all threads")]
    rss_growth_bytes_per_call: Annotated[
        float | None, says("null where it is not known or there are too few calls")
    ]


@dataclass(frozen=True)
class CallFigures:
    """How long cold and warm calls took."""

    cold: Annotated[ColdCalls, says("the first calls")]
    warm: Annotated[WarmCalls, says("those after them")]


@dataclass(frozen=True)
class CaptureFigures:
    """One capture: its median call, and that over the bare median."""

    name: Annotated[str, says("the capture")]
    status: Annotated[CaptureStatus, says("how it went")]
    reason: Annotated[str, says("why, in words")]
    calls: Annotated[Count, says("warm ones")]
    median_ns: Annotated[Nanoseconds | None, says("null where there are no calls to make it from")]
    inflation: Annotated[float | None, says("median over the `bare` median; null as before")]


@dataclass(frozen=True)
class PhaseShare:
    """A phase's part of the median call.

    The `self_ns` sum to `total_ns` exactly. Phases of no time are left out. See [phases.md](phases.md).
    """

    phase: Annotated[str, says("name")]
    self_ns: Annotated[Nanoseconds, says("its own time")]
    share: Annotated[Share, says("of the call")]
    share_ci95: Annotated[tuple[Share, Share], says("interval of the share")]
    unnamed_share: Annotated[
        Share | None,
        says(
            "how much of the phase lies, by sampling, in functions that the internals table does not "
            "name; null without samples. It may be all of a phase: helpers without a row are part of "
            "their caller's phase"
        ),
    ]
    count_per_call: Annotated[float, says("how often a call enters the phase")]


@dataclass(frozen=True)
class InternalShare:
    """A Keras or TensorFlow function.

    Total time includes callees, so these do not sum. The total of a recursive function is that of its
    outermost frames. Internals of a very small share are left out.
    """

    module: Annotated[str, says("with the Keras root in place of `K`")]
    qualname: Annotated[str, says("qualified name")]
    phase: Annotated[str, says("that of its row")]
    total_ns: Annotated[Nanoseconds, says("with callees")]
    self_ns: Annotated[Nanoseconds, says("without other internals")]
    total_share: Annotated[Share, says("of the call")]
    count_per_call: Annotated[float, says("how often a call enters it")]
    parent: Annotated[
        str | None,
        says("the qualified name of the internal that most of its spans came from, null for the user's call"),
    ]


@dataclass(frozen=True)
class NativeShare:
    """Time of TensorFlow's own events within a phase.

    Times are scaled to a call of `total_ns`. Events of a very small share are left out. Those of the
    calling thread come first.
    """

    event: Annotated[str, says("name")]
    phase: Annotated[str, says("that it is in")]
    self_ns: Annotated[Nanoseconds, says("its own time")]
    count_per_call: Annotated[float, says("how often")]
    thread: Annotated[
        EventThread,
        says(
            "`calling` for events that are part of the phase's time, `other` for what ran on other "
            "threads meanwhile"
        ),
    ]


# A msgspec struct and no dataclass, since its key ``class`` is no Python name.
class LayerShare(msgspec.Struct, frozen=True, rename={"layer_class": "class"}):
    """A layer's kernels."""

    layer: Annotated[str, says("name")]
    layer_class: Annotated[str, says("name of its class")]
    self_ns: Annotated[Nanoseconds, says("time of the layer's kernels on all threads")]
    share: Annotated[Share, says("of all kernels that belong to a layer")]
    ops: Annotated[list[str], says("names of its ops")]
    op_shares: Annotated[list[float], says("of the layer's kernels, one for each of these")] = []
    loop_steps: Annotated[
        float, says("steps a call of a loop in the graph, at least: of many short ops not all are traced")
    ] = 0.0


@dataclass(frozen=True)
class Agreement:
    """One phase's share by each instrument, and whether they agree with the spans.

    Shares are null where the instrument is missing; without both the list is empty. A share agrees if it
    lies within the other's interval or a percentage point beside it: that of sampling is compared with its
    own interval, that of counts, which have none, with the spans'.
    """

    phase: Annotated[str, says("name")]
    spans_share: Annotated[
        Share,
        says(
            "by spans, before unnamed time is moved to `unattributed`, so it may differ from the "
            "phase's `share`"
        ),
    ]
    spans_ci95: Annotated[tuple[Share, Share], says("interval of it")]
    sampled_share: Annotated[Share | None, says("by sampling")]
    sampled_ci95: Annotated[tuple[Share, Share] | None, says("interval of it")]
    verdict: Annotated[AgreementVerdict, says("whether sampling agrees")]
    counted_share: Annotated[Share | None, says("by cProfile's counts")]
    counted_verdict: Annotated[AgreementVerdict, says("whether these agree; never `too few samples`")]
    because: Annotated[list[str], says("the known causes of a difference, in sentences")]


@dataclass(frozen=True)
class MissingInternal:
    """A row of the internals table that the nearest known generation has and this release lacks."""

    module: Annotated[str, says("with the Keras root in place of `K`")]
    qualname: Annotated[str, says("qualified name")]
    phase: Annotated[str, says("that of its row")]


@dataclass(frozen=True)
class TableCoverage:
    """How well the internals table knows the recorded release."""

    generation: Annotated[str, says("the known one that this release is nearest to")]
    rows: Annotated[Count, says("internals that were looked for")]
    resolved: Annotated[Count, says("how many are there")]
    missing: Annotated[
        list[MissingInternal],
        says(
            "the internals that the nearest generation has and this release lacks. On a release that "
            "is known as a whole it is empty"
        ),
    ]


@dataclass(frozen=True)
class Attribution:
    """The partition of the median call into phases, and the views beside it."""

    total_ns: Annotated[Nanoseconds, says("the call that is divided: `calls.warm.median_ns`")]
    unattributed_ns: Annotated[Nanoseconds, says("the part of it that no phase has")]
    model_share: Annotated[Share, says("share of `execution` and `eager_execution` together")]
    phases: Annotated[list[PhaseShare], says("`unattributed` is always there, and last")]
    internals: Annotated[list[InternalShare], says("the largest total time first")]
    native: Annotated[list[NativeShare], says("what TensorFlow's own events had")]
    layers: Annotated[list[LayerShare], says("what the model's layers had, by the same events")]
    agreement: Annotated[list[Agreement], says("one for each phase")]
    notes: Annotated[list[str], says("notes of the attribution; they are in the report's `notes` too")]
    table: Annotated[
        TableCoverage | None,
        says(
            "how well the [internals table](internals.md) knows this release; null where no internal "
            "was found"
        ),
    ] = None


@dataclass(frozen=True)
class Finding:
    """What a rule concluded, with its evidence."""

    rule: Annotated[str, says("the rule's id, as `keras-profile rules` lists it")]
    verdict: Annotated[FindingVerdict, says("what the rule says of its cause")]
    title: Annotated[str, says("the cause in plain words; of a found one with the figures of this recording")]
    phase: Annotated[str, says("the phase that has most of the cost; empty without a cost")]
    cost_ns_per_call: Annotated[
        int, says("what the cause has to do with; 0 for causes that cost no time of a warm call")
    ]
    evidence: Annotated[
        list[str], says("sentences: phases, counts, events, shapes. Of what was not found the reason")
    ]
    recipes: Annotated[
        list[str], says("ids of the recipes that fix it; what they measured here is in `comparisons`")
    ]
    share: Annotated[Share, says("the cost as a share of the call")] = 0.0
    sure: Annotated[str, says("how sure that is: an interval, or what was counted")] = ""
    where: Annotated[str, says("the user's line, where it is known")] = ""
    needs: Annotated[str, says("what is missing, of `cannot_tell` alone")] = ""
    within: Annotated[str, says("the rule whose finding says it, of `included` alone")] = ""
    cost_once_ns: Annotated[Nanoseconds, says("what the first call has of it that later ones have not")] = 0


@dataclass(frozen=True)
class Outputs:
    """Whether a recipe's outputs are the original's: to the bit, and else how near."""

    equal: Annotated[bool, says("to the bit")]
    max_abs_error: Annotated[float | None, says("absolute")]
    tolerance: Annotated[float, says("what was allowed, as a part of the largest number of an output")]
    inputs: Annotated[list[str], says("on which they were compared, in words")] = field(default_factory=list)
    rows: Annotated[Count, says("on how many in all")] = 0


@dataclass(frozen=True)
class Comparison:
    """A recipe's change held against the original call."""

    recipe: Annotated[str, says("its id")]
    title: Annotated[str, says("in words")]
    code: Annotated[str, says("what was run; empty where the recipe was not tried")]
    verdict: Annotated[ComparisonVerdict, says("what is said of it")]
    before_ns: Annotated[
        Nanoseconds, says("the original: median over all rounds, the same for all changes of a report")
    ]
    after_ns: Annotated[
        Nanoseconds | None,
        says(
            "`before_ns` divided by the speed-up: for the work of one call; null where nothing was measured"
        ),
    ]
    speedup: Annotated[
        float | None, says("ratio of the medians over the rounds that both have; null as before")
    ]
    speedup_ci99: Annotated[
        tuple[float, float] | None,
        says("99% interval of it, which the verdict goes by; null as before, and with one round"),
    ]
    outputs: Annotated[Outputs | None, says("null where they were not compared")]
    reason: Annotated[str, says("in words, empty where there is nothing to say")]
    where: Annotated[str, says("`in_process`, `on_copy` (of the model) or `own_process`")] = "in_process"
    approximate: Annotated[bool, says("whether it alters results")] = False
    calls: Annotated[Count, says("of how many original calls the change does the work at once")] = 1
    rounds: Annotated[Count, says("how many")] = 0
    warmup_ns: Annotated[Nanoseconds | None, says("building it and its first call")] = None
    peak_bytes: Annotated[
        int | None, says("by how much that call made the memory rise; null where the system does not tell")
    ] = None
    condition: Annotated[
        str, says("what must hold of all calls, which those measured cannot show; empty where nothing must")
    ] = ""
    pays_off_after: Annotated[
        int | None,
        says("calls after which building it is made up for; null where it is not faster, or not known"),
    ] = None


@dataclass(frozen=True)
class CostPoint:
    """The median call with so many rows."""

    rows: Annotated[Count, says("how many")]
    median_ns: Annotated[Nanoseconds, says("of a call")]


@dataclass(frozen=True)
class CostModel:
    """What a way of making the call costs: by call, by batch and by row, fitted to `points`."""

    recipe: Annotated[str | None, says("null for the original call")]
    title: Annotated[str, says("in words")]
    fixed_ns: Annotated[Nanoseconds, says("a call")]
    batch_ns: Annotated[
        Nanoseconds | None, says("a batch; null where all rows are one, then `fixed_ns` has it")
    ]
    row_ns: Annotated[float, says("a row, with a fraction")]
    largest_deviation: Annotated[float, says("of the fit from a point, as a part of it")]
    points: Annotated[list[CostPoint], says("what was measured")]


@dataclass(frozen=True)
class Scaling:
    """How the costs of the original call and of the best change grow with the rows."""

    original: Annotated[CostModel, says("the original call")]
    best: Annotated[CostModel, says("the best change")]
    batch_size: Annotated[Count, says("of the original")]
    crossover_rows: Annotated[
        int | None, says("from how many rows on the original is as fast by the fit, null if never")
    ]
    faster_rows: Annotated[
        tuple[int, int] | None,
        says(
            "fewest and most rows of those measured at which the change was faster, and at all between; "
            "null where it was not found faster"
        ),
    ] = None


@dataclass(frozen=True)
class ReportContent:
    """The content of `report.json`."""

    schema: Annotated[Schema, says("of this file")]
    recording: Annotated[str, says("name of the recording's folder")]
    environment: Annotated[RecordedEnvironment, says("the profiled interpreter")]
    workload: Annotated[RecordedWorkload, says("what was called, with which inputs")]
    calls: Annotated[CallFigures, says("how long cold and warm calls took")]
    captures: Annotated[list[CaptureFigures], says("one entry a capture")]
    attribution: Annotated[Attribution, says("the partition of the median call, and the views beside it")]
    findings: Annotated[list[Finding], says("what each rule found, and what it could not tell")]
    comparisons: Annotated[list[Comparison], says("what recipes gain; empty where none were tried")]
    notes: Annotated[list[str], says("sentences that a reader of the figures must know")] = field(
        default_factory=list
    )
    scaling: Annotated[
        Scaling | None, says("how costs grow with the rows; null where it was not measured")
    ] = None

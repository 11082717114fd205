"""The report: the public, versioned result, as ``report.json`` has it.

Integer nanoseconds; shares as fractions of 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec

from .described import says
from .devices import DeviceDivision
from .environment import RecordedEnvironment
from .ranges import Count, Nanoseconds, Share
from .recording import CaptureStatus, Schema
from .workload import RecordedWorkload

#: Name and version of ``report.json``.
#:
#: History: 1 is the first. In 2 a comparison has ``speedup_ci99`` in place of ``speedup_ci95``, and one
#: ``before_ns`` for all. Keys may be added without a new version.
REPORT_SCHEMA = Schema("keras_profile.report", 2)

#: A rule's verdict on its cause, in the order of a report. An included one is part of another finding.
FindingVerdict = Literal["found", "included", "cannot_tell", "not_found"]
#: The verdict on a recipe, in the order of a table.
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
#: Whether another instrument agrees with the spans about a phase's share.
AgreementVerdict = Literal["agree", "differ", "too few samples", "not measured"]

#: Which thread an event of TensorFlow's was on: the one that made the call, or another.
EventThread = Literal["calling", "other"]


@dataclass(frozen=True)
class ColdCalls:
    """Calls that import, build, trace or compile: the first of the process.

    More than one comes from `--isolate`.
    """

    count: Annotated[Count, says("how many")]
    total_ns: Annotated[Nanoseconds, says("total time")]
    phases: Annotated[list[ColdPhase], says("phases of the cold calls under `spans`")] = field(
        default_factory=list
    )


@dataclass(frozen=True)
class ColdPhase:
    """A phase's part of the cold calls; phases of 0 are omitted."""

    phase: Annotated[str, says("name")]
    self_ns: Annotated[Nanoseconds, says("its own time")]


@dataclass(frozen=True)
class WarmCalls:
    """The calls that the report is about, measured with nothing installed (`bare`).

    If there are none, calls under `spans` are used instead, and a note says so.
    """

    count: Annotated[Count, says("number of calls")]
    median_ns: Annotated[Nanoseconds, says("median of a call")]
    median_ci95_ns: Annotated[tuple[Nanoseconds, Nanoseconds], says("95% interval of the median")]
    p95_ns: Annotated[Nanoseconds, says("95% of the calls take less")]
    cpu_median_ns: Annotated[Nanoseconds, says("median processor time of a call, all threads")]
    rss_growth_bytes_per_call: Annotated[
        float | None, says("growth of resident memory; null if unknown or if there are too few calls")
    ]


@dataclass(frozen=True)
class CallFigures:
    """How long cold and warm calls took."""

    cold: Annotated[ColdCalls, says("the first calls")]
    warm: Annotated[WarmCalls, says("the calls after them")]


@dataclass(frozen=True)
class CaptureFigures:
    """One capture: its median call, and the ratio to the bare median."""

    name: Annotated[str, says("the capture")]
    status: Annotated[CaptureStatus, says("how it went")]
    reason: Annotated[str, says("why, in words")]
    calls: Annotated[Count, says("number of warm calls")]
    median_ns: Annotated[Nanoseconds | None, says("median of a call; null if there are no calls")]
    inflation: Annotated[float | None, says("this median divided by the `bare` median; null as before")]


@dataclass(frozen=True)
class PhaseShare:
    """A phase's part of the median call.

    The `self_ns` sum to `total_ns` exactly. Phases without time are omitted. See [phases.md](phases.md).
    """

    phase: Annotated[str, says("name")]
    self_ns: Annotated[Nanoseconds, says("its own time")]
    share: Annotated[Share, says("of the call")]
    share_ci95: Annotated[tuple[Share, Share], says("interval of the share")]
    unnamed_share: Annotated[
        Share | None,
        says(
            "how much of the phase is, by sampling, in functions that the internals table does not "
            "name; null without samples. It may be the whole phase: helpers without a row are part of "
            "their caller's phase"
        ),
    ]
    count_per_call: Annotated[float, says("how often a call enters the phase")]


@dataclass(frozen=True)
class InternalShare:
    """A Keras or TensorFlow function.

    Total time includes callees, so totals do not add up. The total of a recursive function is that of its
    outermost frames. Internals with a very small share are omitted.
    """

    module: Annotated[str, says("with the Keras root in place of `K`")]
    qualname: Annotated[str, says("qualified name")]
    phase: Annotated[str, says("phase of its row")]
    total_ns: Annotated[Nanoseconds, says("time with callees")]
    self_ns: Annotated[Nanoseconds, says("time without other internals")]
    total_share: Annotated[Share, says("share of the call")]
    count_per_call: Annotated[float, says("how often a call enters it")]
    parent: Annotated[
        str | None,
        says("qualified name of the internal that most of its spans came from; null for the user's call"),
    ]


@dataclass(frozen=True)
class NativeShare:
    """Time of TensorFlow's own events within a phase.

    Times are scaled to a call of `total_ns`. Events with a very small share are omitted. Events of the
    calling thread come first.
    """

    event: Annotated[str, says("name")]
    phase: Annotated[str, says("phase that it is in")]
    self_ns: Annotated[Nanoseconds, says("its own time")]
    count_per_call: Annotated[float, says("occurrences per call")]
    thread: Annotated[
        EventThread,
        says(
            "`calling` for events that are part of the phase's time, `other` for events on other "
            "threads at that time"
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
    op_shares: Annotated[list[float], says("share of the layer's kernels, for each of these ops")] = []
    loop_steps: Annotated[
        float, says("fewest steps per call of a loop in the graph: not all of many short ops are traced")
    ] = 0.0


@dataclass(frozen=True)
class Agreement:
    """One phase's share by each instrument, and whether they agree with the spans.

    Shares are null if the instrument is missing; without both the list is empty. Two shares agree if one
    is within the other's interval, or at most a percentage point outside. Sampling is compared by its own
    interval; counts, which have none, by the spans' interval.
    """

    phase: Annotated[str, says("name")]
    spans_share: Annotated[
        Share,
        says(
            "by spans, before unnamed time is moved to `unattributed`, so it may differ from the "
            "phase's `share`"
        ),
    ]
    spans_ci95: Annotated[tuple[Share, Share], says("its 95% interval")]
    sampled_share: Annotated[Share | None, says("by sampling")]
    sampled_ci95: Annotated[tuple[Share, Share] | None, says("its 95% interval")]
    verdict: Annotated[AgreementVerdict, says("whether sampling agrees")]
    counted_share: Annotated[Share | None, says("by cProfile's counts")]
    counted_verdict: Annotated[AgreementVerdict, says("whether counts agree; never `too few samples`")]
    because: Annotated[list[str], says("known causes of a difference, in sentences")]


@dataclass(frozen=True)
class MissingInternal:
    """A row of the internals table that the nearest known generation has and this release lacks."""

    module: Annotated[str, says("with the Keras root in place of `K`")]
    qualname: Annotated[str, says("qualified name")]
    phase: Annotated[str, says("phase of its row")]


@dataclass(frozen=True)
class TableCoverage:
    """How well the internals table knows the recorded release."""

    generation: Annotated[str, says("the known generation that is nearest to this release")]
    rows: Annotated[Count, says("internals that were looked for")]
    resolved: Annotated[Count, says("internals that were found")]
    missing: Annotated[
        list[MissingInternal],
        says(
            "internals that the nearest generation has and this release lacks; empty for a release that "
            "is fully known"
        ),
    ]


@dataclass(frozen=True)
class Attribution:
    """The partition of the median call into phases, and the views beside it."""

    total_ns: Annotated[Nanoseconds, says("the call that is divided: `calls.warm.median_ns`")]
    unattributed_ns: Annotated[Nanoseconds, says("the part of it in no phase")]
    model_share: Annotated[Share, says("share of `execution` and `eager_execution` together")]
    phases: Annotated[list[PhaseShare], says("all phases; `unattributed` is always last")]
    internals: Annotated[list[InternalShare], says("largest total time first")]
    native: Annotated[list[NativeShare], says("time of TensorFlow's own events")]
    layers: Annotated[list[LayerShare], says("time of the model's layers, by the same events")]
    agreement: Annotated[list[Agreement], says("one for each phase")]
    notes: Annotated[list[str], says("notes of the attribution; also in the report's `notes`")]
    table: Annotated[
        TableCoverage | None,
        says(
            "how well the [internals table](internals.md) knows this release; null if no internal was found"
        ),
    ] = None
    devices: Annotated[
        list[DeviceDivision],
        says(
            "GPUs and TPUs that did something in the traced calls, beside the host's phases; a step is a "
            "traced call"
        ),
    ] = field(default_factory=list)


@dataclass(frozen=True)
class Finding:
    """What a rule concluded, with its evidence."""

    rule: Annotated[str, says("the rule's id, as `keras-profile rules` lists it")]
    verdict: Annotated[FindingVerdict, says("the rule's verdict on its cause")]
    title: Annotated[str, says("the cause in plain words; if found, with the figures of this recording")]
    phase: Annotated[str, says("the phase that has most of the cost; empty without a cost")]
    cost_ns_per_call: Annotated[
        int, says("time that the cause affects; 0 for causes that cost no time of a warm call")
    ]
    evidence: Annotated[
        list[str], says("sentences: phases, counts, events, shapes; if not found, the reason")
    ]
    recipes: Annotated[
        list[str], says("ids of the recipes that fix it; their results here are in `comparisons`")
    ]
    share: Annotated[Share, says("the cost as a share of the call")] = 0.0
    sure: Annotated[str, says("how sure that is: an interval, or what was counted")] = ""
    where: Annotated[str, says("the user's line, if known")] = ""
    needs: Annotated[str, says("what is missing; only for `cannot_tell`")] = ""
    within: Annotated[str, says("the rule whose finding includes it; only for `included`")] = ""
    cost_once_ns: Annotated[Nanoseconds, says("its cost in the first call only, not in later ones")] = 0
    advice: Annotated[str, says("what to do about it; only if found, and empty in an older report")] = ""
    cost_in_program_ns: Annotated[
        Nanoseconds, says("its cost in a call of the program, which replayed calls do not have")
    ] = 0


@dataclass(frozen=True)
class Outputs:
    """Whether a recipe's outputs equal the original's bit for bit, or else how close they are."""

    equal: Annotated[bool, says("whether they are equal bit for bit")]
    max_abs_error: Annotated[float | None, says("largest absolute error")]
    tolerance: Annotated[float, says("allowed error, as a fraction of an output's largest number")]
    inputs: Annotated[list[str], says("the inputs that were compared, in words")] = field(
        default_factory=list
    )
    rows: Annotated[Count, says("number of rows that were compared")] = 0


@dataclass(frozen=True)
class Comparison:
    """A recipe compared with the original call."""

    recipe: Annotated[str, says("its id")]
    title: Annotated[str, says("in words")]
    code: Annotated[str, says("the code that was run; empty if the recipe was not tried")]
    verdict: Annotated[ComparisonVerdict, says("the verdict on it")]
    before_ns: Annotated[
        Nanoseconds, says("median of the original over all rounds, the same for all recipes of a report")
    ]
    after_ns: Annotated[
        Nanoseconds | None,
        says("`before_ns` divided by the speed-up: for the work of one call; null if nothing was measured"),
    ]
    speedup: Annotated[float | None, says("ratio of the medians over their common rounds; null as before")]
    speedup_ci99: Annotated[
        tuple[float, float] | None,
        says("its 99% interval, which decides the verdict; null as before, or with only one round"),
    ]
    outputs: Annotated[Outputs | None, says("null if they were not compared")]
    reason: Annotated[str, says("in words; may be empty")]
    where: Annotated[str, says("`in_process`, `on_copy` (of the model) or `own_process`")] = "in_process"
    approximate: Annotated[bool, says("whether it alters results")] = False
    calls: Annotated[Count, says("how many original calls it does the work of at once")] = 1
    rounds: Annotated[Count, says("number of rounds")] = 0
    warmup_ns: Annotated[Nanoseconds | None, says("time to build it and make its first call")] = None
    peak_bytes: Annotated[
        int | None, says("how much that call raised the memory; null if the system does not tell")
    ] = None
    condition: Annotated[
        str, says("a condition on all calls that the measured ones cannot show; empty if there is none")
    ] = ""
    pays_off_after: Annotated[
        int | None,
        says("number of calls after which building it has paid off; null if not faster, or unknown"),
    ] = None


@dataclass(frozen=True)
class CostPoint:
    """The median call with a number of rows."""

    rows: Annotated[Count, says("how many")]
    median_ns: Annotated[Nanoseconds, says("of a call")]


@dataclass(frozen=True)
class CostModel:
    """The cost of a way of making the call: per call, per batch and per row, fitted to `points`."""

    recipe: Annotated[str | None, says("null for the original call")]
    title: Annotated[str, says("in words")]
    fixed_ns: Annotated[Nanoseconds, says("per call")]
    batch_ns: Annotated[
        Nanoseconds | None, says("per batch; null if all rows are one batch: then it is in `fixed_ns`")
    ]
    row_ns: Annotated[float, says("per row, with a fraction")]
    largest_deviation: Annotated[float, says("largest deviation of the fit, as a fraction of the point")]
    points: Annotated[list[CostPoint], says("the measurements")]


@dataclass(frozen=True)
class Scaling:
    """How the costs of the original call and of the best recipe grow with the rows."""

    original: Annotated[CostModel, says("the original call")]
    best: Annotated[CostModel, says("the best recipe")]
    batch_size: Annotated[Count, says("batch size of the original")]
    crossover_rows: Annotated[
        int | None, says("number of rows from which the original is as fast, by the fit; null if never")
    ]
    faster_rows: Annotated[
        tuple[int, int] | None,
        says(
            "fewest and most measured rows at which the recipe was faster, also at all between; null if "
            "it was not found faster"
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
    captures: Annotated[list[CaptureFigures], says("one entry per capture")]
    attribution: Annotated[Attribution, says("the median call by phase, and other views of it")]
    findings: Annotated[list[Finding], says("what each rule found, and what it could not tell")]
    comparisons: Annotated[list[Comparison], says("what recipes gain; empty if none were tried")]
    notes: Annotated[list[str], says("what a reader must know to understand the figures, in sentences")] = (
        field(default_factory=list)
    )
    scaling: Annotated[Scaling | None, says("how costs grow with the rows; null if not measured")] = None
    created: Annotated[
        str, says("when it was recorded: local time with the offset; empty in an older report")
    ] = ""

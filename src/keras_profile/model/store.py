"""The tables of a store: recordings of many machines, as Parquet files that ``collect`` writes.

A row of ``recordings`` is one report, whole, in one file: the other tables are lists within it. So a store
never has a part of a recording. The types are the only place that names tables and columns.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Annotated

from .described import says
from .recording import Schema

#: Name and version of a store, in its ``store.json``.
#:
#: History: 1 is the first. A new column is a new version, since files of both would be read together.
STORE_SCHEMA = Schema("keras_profile.store", 1)


@dataclass(frozen=True)
class StoreFile:
    """The content of `store.json`."""

    schema: Annotated[Schema, says("of the store")]


@dataclass(frozen=True)
class CallSiteRow:
    """A line that calls a model, in one recording: of a program each group, of a model its one call."""

    site: Annotated[int, says("number within the recording, from 0, the one with most time first")]
    place: Annotated[
        str,
        says("how other versions can have it too: `file:function`, with `#2` for the second of a function"),
    ]
    file: Annotated[str, says("path of the line's file; of a model, the target")]
    line: Annotated[int | None, says("number of the line; null for a model")]
    function: Annotated[str, says("function of the line")]
    source: Annotated[str, says("the line itself")]
    entry: Annotated[str, says("entry point")]
    model: Annotated[str | None, says("class of the model; null if unknown")]
    parameters: Annotated[int | None, says("parameters of the model; null if unknown")]
    rows: Annotated[int | None, says("rows of the first input; null if unknown, or if they vary")]
    calls: Annotated[int, says("calls that were recorded")]
    total_ns: Annotated[int, says("time of all of them")]
    calls_a_day: Annotated[float | None, says("calls a day; null if unknown")]
    share_of_program: Annotated[float | None, says("share of the program's time; null for a model")]
    median_ns: Annotated[int | None, says("median of a warm call; null without one, like the next three")]
    p95_ns: Annotated[int | None, says("95% of the warm calls take less")]
    cpu_median_ns: Annotated[int | None, says("median processor time of a warm call, all threads")]
    model_share: Annotated[float | None, says("share of a call in which the model runs")]
    cold_ns: Annotated[int | None, says("time of the first call; null if unknown")]


@dataclass(frozen=True)
class PhaseRow:
    """A phase of the median call of a line."""

    site: Annotated[int, says("number of the line in `call_sites`")]
    phase: Annotated[str, says("name, see [phases](phases.md)")]
    self_ns: Annotated[int, says("its own time in a call")]
    share: Annotated[float, says("of the call")]
    count_per_call: Annotated[float, says("how often a call enters it")]


@dataclass(frozen=True)
class InternalRow:
    """A function of Keras or TensorFlow in the calls of a line."""

    site: Annotated[int, says("number of the line in `call_sites`")]
    module: Annotated[str, says("its module")]
    qualname: Annotated[str, says("qualified name")]
    phase: Annotated[str, says("phase that it belongs to")]
    total_ns: Annotated[int, says("time in a call, with callees")]
    self_ns: Annotated[int, says("time without other internals")]
    count_per_call: Annotated[float, says("how often a call enters it")]


@dataclass(frozen=True)
class LayerRow:
    """A layer's kernels in the calls of a line."""

    site: Annotated[int, says("number of the line in `call_sites`")]
    layer: Annotated[str, says("name")]
    layer_class: Annotated[str, says("name of its class")]
    self_ns: Annotated[int, says("time of its kernels in a call, all threads")]
    share: Annotated[float, says("of all kernels that belong to a layer")]


@dataclass(frozen=True)
class FindingRow:
    """A cause that was found, or that cannot be told, in the calls of a line."""

    site: Annotated[int, says("number of the line in `call_sites`")]
    rule: Annotated[str, says("id of the rule, see [rules](rules.md)")]
    verdict: Annotated[str, says("`found`, `included` or `cannot_tell`")]
    title: Annotated[str, says("the cause, with its figures")]
    phase: Annotated[str, says("phase that has most of the cost")]
    cost_ns_per_call: Annotated[int, says("time of a call that it affects")]
    share: Annotated[float, says("the same as a share of the call")]
    cost_once_ns: Annotated[int, says("its cost in the first call only")]


@dataclass(frozen=True)
class ComparisonRow:
    """A change that was tried on the calls of a line."""

    site: Annotated[int, says("number of the line in `call_sites`")]
    recipe: Annotated[str, says("id of the recipe, see [recipes](recipes.md)")]
    title: Annotated[str, says("the change, in words")]
    verdict: Annotated[str, says("such as `faster`, see [verdicts](recipes.md#verdicts)")]
    recommended: Annotated[bool, says("whether the report recommends this one")]
    before_ns: Annotated[int, says("a call as it is")]
    after_ns: Annotated[int | None, says("a call with the change; null if it was not measured")]
    speedup: Annotated[float | None, says("the first divided by the second; null as before")]
    outputs_equal: Annotated[bool | None, says("equal bit for bit; null if outputs were not compared")]
    max_abs_error: Annotated[float | None, says("largest difference of the outputs; null as before")]
    condition: Annotated[str, says("a condition on all calls; empty if there is none")]


@dataclass(frozen=True)
class CallRow:
    """A warm call with nothing installed. At most 200 of a line, evenly chosen; none from a report alone."""

    site: Annotated[int, says("number of the line in `call_sites`")]
    number: Annotated[int, says("its place among the line's warm calls, from 0")]
    wall_ns: Annotated[int, says("how long it took")]


@dataclass(frozen=True)
class RecordingRow:
    """A report: of a program, or of one model's calls. Figures of a call are those of its first line."""

    id: Annotated[str, says("digest of what was measured: the same for a recording and its report")]
    service: Annotated[str, says("label `service`; else name of the script or the model")]
    version: Annotated[str, says("label `version`; may be empty")]
    host: Annotated[str, says("label `host`; may be empty")]
    environment: Annotated[str, says("label `environment`, such as `production`; may be empty")]
    date: Annotated[datetime.date, says("day of the recording, in UTC")]
    made_at: Annotated[datetime.datetime, says("when it was recorded, in UTC")]
    recording: Annotated[str, says("name of the recording")]
    kind: Annotated[str, says("`program` or `model`")]
    collected_from: Annotated[str, says("`recording` or `report`")]
    target: Annotated[str, says("the script with its arguments, or the model")]
    place: Annotated[str, says("line with most time, as in `call_sites`")]
    entry: Annotated[str, says("entry point of that line, like the next seven")]
    model: Annotated[str | None, says("class of the model; null if unknown")]
    rows: Annotated[int | None, says("rows of the first input; null if unknown, or if they vary")]
    median_ns: Annotated[int | None, says("median of a warm call; null without one")]
    p95_ns: Annotated[int | None, says("95% of the warm calls take less")]
    model_share: Annotated[float | None, says("share of a call in which the model runs")]
    threads: Annotated[int | None, says("threads of the process; null if unknown")]
    calls: Annotated[int, says("calls that were recorded, of all lines")]
    calls_a_day: Annotated[float | None, says("calls a day, of all lines; null if unknown")]
    wall_ns: Annotated[int | None, says("how long the program ran; null for a model, like the next two")]
    program_share: Annotated[float | None, says("share of its time in which a model was called")]
    could_take_ns: Annotated[int | None, says("its time with the changes; null without one")]
    python: Annotated[str, says("release of Python")]
    tensorflow: Annotated[str, says("release of TensorFlow; may be empty")]
    keras: Annotated[str, says("release of Keras; may be empty")]
    backend: Annotated[str, says("backend of Keras; may be empty")]
    platform: Annotated[str, says("system and release")]
    processors: Annotated[int | None, says("processors that the process may use; null if unknown")]
    labels: Annotated[dict[str, str], says("all labels, by name: `labels['team']`")]
    call_sites: Annotated[list[CallSiteRow], says("table of its own")] = field(default_factory=list)
    phases: Annotated[list[PhaseRow], says("table of its own")] = field(default_factory=list)
    internals: Annotated[list[InternalRow], says("table of its own")] = field(default_factory=list)
    layers: Annotated[list[LayerRow], says("table of its own")] = field(default_factory=list)
    findings: Annotated[list[FindingRow], says("table of its own")] = field(default_factory=list)
    comparisons: Annotated[list[ComparisonRow], says("table of its own")] = field(default_factory=list)
    measured_calls: Annotated[list[CallRow], says("table of its own, named `calls`")] = field(
        default_factory=list
    )

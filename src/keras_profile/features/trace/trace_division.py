"""An average step of a trace, or of several: its phases, kernels and other threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ...analysis.attribution.device_division import divide_device, whole_ns
from ...analysis.attribution.device_work import activity_of, sums_of
from ...errors import RecordingError
from ...model.devices import KernelShare
from ...model.trace import Trace
from ...number_words import plural
from ...recorder.protocol import ANNOTATION_PREFIX
from .repeated_calls import RepeatedCalls, with_repeated_calls
from .trace_findings import device_findings
from .trace_maker import JAX, is_training, maker
from .trace_partition import PARTS, StepPartition, kernel_op, other_work, partition_steps
from .trace_report import (
    TRACE_SCHEMA,
    HostTrace,
    StepColumns,
    ThreadWork,
    TraceDivision,
    TraceEvent,
    TracePhase,
    TraceReport,
)

#: Phases that hardly an event of TensorFlow distinguishes from others: only Python, or single ops for any
#: purpose. That the host waits for a device is seen for GPUs alone.
NOT_TOLD = (
    "entry",
    "loop",
    "input_standardization",
    "data_adapter",
    "function_building",
    "eager_execution",
    "callbacks",
    "progress_bar",
    "output_assembly",
    "state_reset",
    "synchronization",
    "distribution",
    "garbage_collection",
)
#: How many events are named for a phase or a kind of thread.
_EVENTS = 12


@dataclass
class Sums:
    """The sums over the steps of one or more traces, in ps."""

    totals: list[int] = field(default_factory=list)
    parts: Counter[str] = field(default_factory=Counter)
    between: Counter[str] = field(default_factory=Counter)
    events: Counter[tuple[str, str]] = field(default_factory=Counter)
    event_counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    kernels: Counter[str] = field(default_factory=Counter)
    kernel_counts: Counter[str] = field(default_factory=Counter)
    threads: Counter[str] = field(default_factory=Counter)
    work: Counter[tuple[str, str]] = field(default_factory=Counter)
    work_counts: Counter[tuple[str, str]] = field(default_factory=Counter)


def divide_trace(trace: Trace, thread: str | None = None) -> tuple[HostTrace, Sums]:
    """Returns one file's report, and its sums; ``thread`` names the thread to divide, None for the main one.

    Raises :class:`RecordingError` if it has no events, none of TensorFlow or JAX, or no such thread.
    """
    made_by = maker(trace)
    if made_by is None:
        raise RecordingError(
            f"{trace.source}: expected a TensorFlow trace, found one without an event of TensorFlow",
            "it may be another program's: open it in https://ui.perfetto.dev",
        )
    trace, calls = with_repeated_calls(trace, thread)
    activities = [activity_of(plane, trace.launches) for plane in trace.devices]
    activities = [one for one in activities if len(one.begin)]
    steps = partition_steps(trace, thread=thread, devices=[one.busy for one in activities])
    if steps is None:
        raise RecordingError(
            f"{trace.source}: the trace has no events of the host's threads",
            "profile with host tracing on (host_tracer_level 2), around the calls that matter",
        )
    sums = _sums(trace, steps)
    line = trace.lines[steps.line]
    path = Path(trace.source)
    names = sorted(set(steps.name) - {""})
    division = divide(sums)
    devices = [
        divide_device(sums_of(one, steps.begin, steps.end, steps.parts, busy), PARTS, len(steps.begin))
        for one, busy in zip(activities, steps.busy_parts)
    ]
    return HostTrace(
        file=trace.source,
        host=path.name.removesuffix(".pb")
        .removesuffix(".xplane")
        .removesuffix(".gz")
        .removesuffix(".trace.json"),
        events=sum(len(one.begin) for one in trace.lines),
        thread=line.thread,
        step_names=names,
        annotated=steps.annotated,
        made_by=made_by,
        calls_found=calls is not None,
        division=division,
        steps=_columns(steps),
        notes=_notes(trace, steps, made_by, calls),
        devices=devices,
        # Without steps, nobody knows when the host had anything to do.
        findings=device_findings(division, devices) if steps.marked or calls else [],
    ), sums


def join(hosts: Sequence[tuple[HostTrace, Sums]]) -> TraceReport:
    """Returns the report of several files, with all their steps together if there is more than one."""
    joint = None
    if len(hosts) > 1:
        whole = Sums()
        for _, sums in hosts:
            whole.totals += sums.totals
            for name in (
                "parts",
                "between",
                "events",
                "event_counts",
                "kernels",
                "kernel_counts",
                "threads",
                "work",
                "work_counts",
            ):
                getattr(whole, name).update(getattr(sums, name))
        joint = divide(whole)
    told = {one.phase for host, _ in hosts for one in host.division.phases}
    return TraceReport(
        schema=TRACE_SCHEMA,
        hosts=[host for host, _ in hosts],
        joint=joint,
        not_told=[phase for phase in NOT_TOLD if phase not in told],
    )


def divide(sums: Sums) -> TraceDivision:
    """Returns the average of the steps that were summed up."""
    steps = max(1, len(sums.totals))
    parts = [part for part in PARTS if sums.parts[part]]
    parts.sort(key=lambda part: -sums.parts[part])
    exact = whole_ns([sums.parts[part] for part in parts], steps)
    total = max(1, sum(sums.totals))
    kernels = max(1, sum(sums.kernels.values()))
    return TraceDivision(
        steps=len(sums.totals),
        step_ns=sum(exact),
        median_step_ns=int(np.median(np.array(sums.totals, dtype=np.int64))) // 1000,
        phases=[
            TracePhase(
                phase=part,
                self_ns=self_ns,
                share=round(sums.parts[part] / total, 6),
                between_ns=min(self_ns, sums.between[part] // (1000 * steps)),
                events=_most_expensive(sums.events, sums.event_counts, part, steps),
            )
            for part, self_ns in zip(parts, exact)
        ],
        kernels=[
            KernelShare(
                op=op,
                self_ns=ps // (1000 * steps),
                share=round(ps / kernels, 6),
                count_per_step=round(sums.kernel_counts[op] / steps, 3),
            )
            for op, ps in sums.kernels.most_common()
        ],
        other_threads=[
            ThreadWork(
                kind=kind,
                threads=sums.threads[kind],
                busy_ns=busy // (1000 * steps),
                events=_most_expensive(sums.work, sums.work_counts, kind, steps),
            )
            for kind, busy in _by_first(sums.work).most_common()
            if busy
        ],
    )


def _sums(trace: Trace, steps: StepPartition) -> Sums:
    sums = Sums(totals=(steps.end - steps.begin).tolist())
    ops = {number: op for number, op in enumerate(map(kernel_op, trace.names)) if op}
    for number, part in enumerate(PARTS):
        sums.parts[part] = int(steps.parts[:, number].sum())
        sums.between[part] = int(steps.between[:, number].sum())
        for name in np.flatnonzero(steps.name_ps[number]).tolist():
            sums.event_counts[part, trace.names[name]] = int(steps.name_count[number, name])
            sums.events[part, trace.names[name]] = int(steps.name_ps[number, name])
    others = other_work(trace, steps)
    for number, kind in enumerate(others.kinds):
        sums.threads[kind] = others.threads[number]
        for name in np.flatnonzero(others.name_count[number]).tolist():
            sums.work[kind, trace.names[name]] = int(others.name_ps[number, name])
            sums.work_counts[kind, trace.names[name]] = int(others.name_count[number, name])
    for number, op in ops.items():
        count = int(steps.own_count[number] + others.name_count[:, number].sum())
        if count:
            sums.kernels[op] += int(steps.own_ps[number] + others.name_ps[:, number].sum())
            sums.kernel_counts[op] += count
    return sums


def _columns(steps: StepPartition) -> StepColumns:
    """Returns whole ns for each step: what one phase loses by rounding is in the next."""
    upto = np.cumsum(steps.parts, axis=1) // 1000
    parts = np.diff(upto, axis=1, prepend=0)
    return StepColumns(
        name=steps.name,
        begin_ns=(steps.begin // 1000).tolist(),
        total_ns=upto[:, -1].tolist(),
        phases_ns={
            part: parts[:, number].tolist() for number, part in enumerate(PARTS) if parts[:, number].any()
        },
    )


def _most_expensive(
    times: Mapping[tuple[str, str], int],
    counts: Mapping[tuple[str, str], int],
    first: str,
    steps: int,
) -> list[TraceEvent]:
    """Returns the events with most of the time of a phase or a kind of thread."""
    mine = sorted(
        (
            (ps, name)
            for (one, name), ps in times.items()
            if one == first and not name.startswith(ANNOTATION_PREFIX)
        ),
        reverse=True,
    )
    return [
        TraceEvent(
            event=name, self_ns=ps // (1000 * steps), count_per_step=round(counts[first, name] / steps, 3)
        )
        for ps, name in mine[:_EVENTS]
    ]


def _by_first(times: Mapping[tuple[str, str], int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (first, _), ps in times.items():
        found[first] += ps
    return found


def _notes(trace: Trace, steps: StepPartition, made_by: str, calls: RepeatedCalls | None) -> list[str]:
    notes = []
    if made_by == JAX:
        notes.append(
            "it is a trace of JAX: dispatch is the call of a compiled function, execution what runs it, and "
            "python all else; Keras' phases are not in it"
        )
    if is_training(trace):
        notes.append("it is a trace of training: its steps have gradients and an optimizer")
    if trace.cut:
        notes.append(f"{Path(trace.source).name} is cut short or damaged: {trace.cut}")
    idle = [plane.name for plane in trace.devices if not plane.lines]
    if idle and len(idle) < len(trace.devices):
        notes.append(f"nothing ran on {', '.join(idle)}")
    if calls is not None:
        notes.append(
            f"the trace has no steps: {plural(len(calls.begin), 'repeated call')} found by the ops that come "
            f"again, {calls.alike} of them with the same ops"
        )
    if not steps.marked:
        notes.append(
            "the trace has no steps, so its whole main thread counts as one; mark steps with "
            "tf.profiler.experimental.Trace(name, step_num=i, _r=1) around each call"
        )
    if not steps.annotated and made_by != JAX:
        notes.append(
            "TensorFlow's events do not divide python and single_ops into phases; a recording "
            "by keras-profile profile does"
        )
    return notes

"""Makes the attribution from the data of the captures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from ...model.call_graph import CallGraph
from ...model.recording import Recording
from ...model.report import Attribution, ColdPhase, PhaseShare, TableCoverage
from ...model.samples import Samples
from ...model.timeline import Timeline
from ...model.trace import Trace
from .agreement import agreement
from .counted import counted_partition
from .coverage import table_coverage
from .device_division import divide_device
from .inclusive import internal_shares
from .internals import phase_by_internal
from .native import layer_shares, native_shares, waits_for_devices
from .partition import Partition, partition
from .reconciliation import LostCalls
from .sampled import SampledPartition, sampled_partition
from .traced_devices import device_sums
from .typical_call import TypicalCall, typical_call
from .vocabulary import (
    HOLDS_THE_WAIT,
    NUMBER,
    OWN_LINES_ONLY,
    PHASES,
    RUNS_THE_MODEL,
    TRANSPARENT,
    UNATTRIBUTED,
    UNDIVIDED,
)

#: A report warns if more time than this is unattributed: the promise for any input.
MOST_UNATTRIBUTED = 0.03
#: Missing internals that a note names; the report lists all.
NAMED_MISSING = 5


def row_phases(recording: Recording) -> list[str]:
    """The phase of each recorded internal by the current table, which may know more."""
    known = phase_by_internal()
    found = [known.get((row.table_module, row.qualname), TRANSPARENT) for row in recording.content.internals]
    if is_divided(recording):
        return found
    return [UNDIVIDED if phase in HOLDS_THE_WAIT else phase for phase in found]


def is_divided(recording: Recording) -> bool:
    """Whether the model's part of a call is known: only if Keras runs on TensorFlow."""
    return recording.content.environment.facts.backend in (None, "tensorflow")


def attribute(
    recording: Recording,
    warm: Timeline,
    samples: Samples | None,
    graph: CallGraph | None,
    lost: LostCalls,
    traces: Sequence[Trace],
    total_ns: int,
) -> Attribution:
    """The attribution of a call of ``total_ns`` by the warm calls of ``warm``.

    ``lost`` has the internals of which cProfile lost calls; ``graph`` are its counts.
    """
    content = recording.content
    phases = row_phases(recording)
    parts = partition(warm, phases)
    if not is_divided(recording):
        samples = graph = None  # they would be compared with phases that cannot be separated
    sampled = (
        None
        if samples is None or not samples.stack
        else (sampled_partition(samples, content.internals, phases))
    )
    counted = (
        None if graph is None or not graph.calls else (counted_partition(graph, content.internals, phases))
    )
    entry = content.workload.facts.entry_point
    waits = waits_for_devices(traces, entry) if any(trace.devices for trace in traces) else {}
    moved = _with_waits(_without_unnamed(parts, sampled), waits)
    typical = typical_call(moved, total_ns)
    shares = _phase_shares(parts, typical, sampled, total_ns)
    phase_ns = {share.phase: share.self_ns for share in shares}
    # An internal's total includes unnamed functions below it.
    factors = typical_call(parts.self_ns, total_ns).factors()
    unattributed = next((share.self_ns for share in shares if share.phase == UNATTRIBUTED), 0)
    coverage = table_coverage(recording)
    devices, traced_calls = device_sums(traces, entry)
    return Attribution(
        total_ns=total_ns,
        unattributed_ns=unattributed,
        model_share=round(float(sum(typical.shares[NUMBER[phase]] for phase in RUNS_THE_MODEL)), 6),
        phases=shares,
        internals=internal_shares(warm, parts, content.internals, phases, factors, total_ns),
        native=native_shares(traces, entry, total_ns, phase_ns),
        layers=layer_shares(
            traces,
            entry,
            content.workload.facts.layers,
            content.workload.facts.cold_traces or [],
            total_ns,
            phase_ns,
            {
                key: ps / (1000 * traced_calls)
                for device in devices
                for key, ps in device.kernels.items()
                if key[0]
            },
        ),
        devices=[divide_device(one, tuple(PHASES), traced_calls) for one in devices],
        agreement=agreement(parts, sampled, counted, recording, lost.internals),
        notes=_notes(unattributed, total_ns, warm, coverage, content.environment.facts.backend),
        table=coverage,
    )


def nothing_attributed(total_ns: int, asked: bool) -> Attribution:
    """The attribution without spans; ``asked`` says whether spans were requested."""
    phase = PhaseShare(UNATTRIBUTED, total_ns, 1.0, (1.0, 1.0), None, 0.0)
    return Attribution(
        total_ns,
        total_ns,
        0.0,
        [phase],
        [],
        [],
        [],
        [],
        ["nothing can be attributed without the spans capture"] if asked else [],
    )


def cold_phases(recording: Recording, cold: Timeline) -> list[ColdPhase]:
    """The phases of the cold calls together, the most expensive first."""
    sums = partition(cold, row_phases(recording)).self_ns.sum(axis=0)
    phases = [ColdPhase(phase, int(ns)) for phase, ns in zip(PHASES, sums) if ns]
    return sorted(phases, key=lambda phase: -phase.self_ns)


def _without_unnamed(
    parts: Partition,
    sampled: SampledPartition | None,
) -> npt.NDArray[np.int64]:
    """Moves the time of unnamed functions in ``entry``, ``loop`` and outside both to ``unattributed``.

    Spans have no probes there and cannot see it; sampling shows how much it is.
    """
    moved = parts.self_ns.copy()
    if sampled is None:
        return moved
    every_call = np.arange(len(moved))
    teardown = np.full(len(moved), NUMBER["teardown"])
    for time, column, share in (
        (parts.before_ns, parts.first_phase, sampled.unnamed_before),
        (parts.after_ns, teardown, sampled.unnamed_after),
    ):
        unnamed = np.round(time * share).astype(np.int64)
        moved[every_call, column] -= unnamed
        moved[:, NUMBER[UNATTRIBUTED]] += unnamed
    for phase in OWN_LINES_ONLY:
        number = NUMBER[phase]
        whole = int(sampled.self_ns[:, number].sum())
        if whole:
            _move(moved, phase, UNATTRIBUTED, int(sampled.unnamed_ns[:, number].sum()) / whole)
    return moved


def _with_waits(parts: npt.NDArray[np.int64], waits: Mapping[str, float]) -> npt.NDArray[np.int64]:
    """Moves the part of each phase in which the host waits for a device to ``synchronization``."""
    moved = parts.copy()
    for phase, share in waits.items():
        _move(moved, phase, "synchronization", share)
    return moved


def _move(parts: npt.NDArray[np.int64], phase: str, to: str, share: float) -> None:
    """Moves this share of a phase, in each call, to another."""
    ns = np.round(parts[:, NUMBER[phase]] * share).astype(np.int64)
    parts[:, NUMBER[phase]] -= ns
    parts[:, NUMBER[to]] += ns


def _phase_shares(
    parts: Partition,
    typical: TypicalCall,
    sampled: SampledPartition | None,
    total_ns: int,
) -> list[PhaseShare]:
    shares, intervals = typical.shares, typical.intervals()
    rounded = apportion(shares, total_ns)
    counts = parts.entries.sum(axis=0) / len(parts.entries)
    found = [
        PhaseShare(
            phase=phase,
            self_ns=rounded[number],
            share=round(float(shares[number]), 6),
            share_ci95=(round(float(intervals[number][0]), 6), round(float(intervals[number][1]), 6)),
            unnamed_share=_unnamed_share(sampled, number),
            count_per_call=round(float(counts[number]), 3),
        )
        for number, phase in enumerate(PHASES)
        if rounded[number] or phase == UNATTRIBUTED
    ]
    # The most expensive first, unattributed last.
    return sorted(found, key=lambda share: (share.phase == UNATTRIBUTED, -share.self_ns))


def apportion(shares: npt.NDArray[np.float64], total: int) -> list[int]:
    """Whole numbers in the ratio of ``shares`` that sum to ``total``, by largest remainder.

    >>> apportion(np.array([0.5, 0.25, 0.25]), 3)
    [1, 1, 1]
    """
    exact = shares * total
    whole = np.floor(exact).astype(np.int64)
    missing = total - int(whole.sum())
    for number in np.argsort(whole - exact, kind="stable")[:missing]:
        whole[number] += 1
    return [int(value) for value in whole]


def _unnamed_share(sampled: SampledPartition | None, column: int) -> float | None:
    if sampled is None:
        return None
    whole = int(sampled.self_ns[:, column].sum())
    return round(int(sampled.unnamed_ns[:, column].sum()) / whole, 4) if whole else None


def _notes(
    unattributed_ns: int,
    total_ns: int,
    warm: Timeline,
    coverage: TableCoverage | None,
    backend: str | None,
) -> list[str]:
    notes = []
    if backend not in (None, "tensorflow"):
        notes.append(
            f"on {backend} a call returns before its result is ready: the time of the model, and the wait "
            "for it, cannot be separated from the work after it (undivided)"
        )
    if unattributed_ns > MOST_UNATTRIBUTED * total_ns:
        notes.append(
            f"{unattributed_ns / total_ns:.1%} of the call is unattributed: it ran functions that are not "
            "in the internals table"
        )
    if coverage is not None and coverage.missing:
        names = [one.qualname for one in coverage.missing]
        more = f" and {len(names) - NAMED_MISSING} more" if len(names) > NAMED_MISSING else ""
        notes.append(
            f"this release is only partly known: it is closest to {coverage.generation}, but lacks "
            f"{len(names)} of its internals ({', '.join(names[:NAMED_MISSING])}{more}); functions that "
            "replace them here count for their callers"
        )
    if warm.repaired:
        notes.append(f"{warm.repaired} probe events did not nest and were skipped")
    return notes

"""Figures of whole calls: how long they take, how sure that is, what the captures cost."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from msgspec import UNSET

from ..errors import RecordingError
from ..model.evidence import MemoryGrowth, WarmUp
from ..model.recording import CaptureOutcome, Recording
from ..model.report import CallFigures, CaptureFigures, ColdCalls, WarmCalls
from .intervals import mean_interval, median_interval

#: Resident memory comes in pages and grows in jumps: fewer calls say nothing.
_LEAST_MEMORY_STEPS = 30

#: With fewer warm calls, there is no later half to compare the first ones with.
_LEAST_STEADY_CALLS = 10

#: A call is slow if it takes this many times as long as later ones: captures and other load matter less.
SLOW_CALL = 3

#: Measuring makes nothing faster, so a lower ratio means noise.
UNSTEADY_BELOW = 0.85


def call_figures(recording: Recording) -> CallFigures:
    """Cold and warm calls. Raises :class:`RecordingError` if no warm call was measured."""
    calls = recording.content.calls
    cold = [wall for wall, is_cold in zip(calls.wall_ns, calls.cold) if is_cold]
    return CallFigures(cold=ColdCalls(len(cold), sum(cold)), warm=_warm_calls(recording))


def _total_from(recording: Recording) -> str:
    """The capture that the total is of: ``bare``, or ``spans`` where there is no such call."""
    for capture in ("bare", "spans"):
        if recording.content.calls.wall(capture):
            return capture
    raise RecordingError(
        f"{recording.folder}: no warm call was measured, so there is nothing to attribute",
        "record again, and let it run beyond the first call",
    )


def total_from(captures: Sequence[CaptureFigures]) -> CaptureFigures:
    """The capture that a report's total is of: ``bare``, or ``spans`` where there is no such call."""
    by_name = {one.name: one for one in captures}
    bare = by_name.get("bare")
    return bare if bare is not None and bare.calls else by_name["spans"]


def bare_median_ns(recording: Recording) -> float | None:
    """The median bare call, None if there is none."""
    wall = recording.content.calls.wall("bare")
    return float(np.median(wall)) if wall else None


def _warm_calls(recording: Recording) -> WarmCalls:
    calls, capture = recording.content.calls, _total_from(recording)
    if not np.median(calls.wall(capture)):
        raise RecordingError(
            f"{recording.folder}: the recording is damaged: its warm calls took no time", "record again"
        )
    rows = [row for row, name in enumerate(calls.capture) if name == capture and not calls.cold[row]]
    wall = np.array([calls.wall_ns[row] for row in rows], dtype=np.int64)
    return WarmCalls(
        count=len(rows),
        median_ns=int(np.median(wall)),
        median_ci95_ns=median_interval(wall),
        p95_ns=int(np.quantile(wall, 0.95)),
        cpu_median_ns=int(np.median([calls.cpu_ns[row] for row in rows])),
        rss_growth_bytes_per_call=_memory_growth(recording, rows),
    )


def memory_growth(recording: Recording) -> MemoryGrowth | None:
    """How fast resident memory grows with the bare calls, None if there are too few.

    Skips the first half of the calls, in which allocators and caches fill.
    """
    steps = _memory_steps(recording, _bare_rows(recording))
    steps = steps[len(steps) // 2 :]
    if len(steps) < _LEAST_MEMORY_STEPS:
        return None
    low, high = mean_interval(np.array(steps, dtype=np.int64))
    return MemoryGrowth(round(sum(steps) / len(steps), 1), (round(low, 1), round(high, 1)), len(steps))


def warm_up(recording: Recording) -> WarmUp | None:
    """How many calls after the first two are slow, None if the recording does not say.

    Calls count under any capture: none makes a call that slow. The second call is skipped, since the
    recorder looks for models within it.
    """
    settling = recording.content.workload.facts.settling_ns
    calls = recording.content.calls
    warm = [row for row, cold in enumerate(calls.cold) if not cold]
    if settling is UNSET or len(warm) < _LEAST_STEADY_CALLS:
        return None
    warm.sort(key=lambda row: calls.begin_ns[row])
    walls = [*settling[1:], *(calls.wall_ns[row] for row in warm)]
    steady = int(np.median(walls[len(walls) // 2 :]))
    slow = list(itertools.takewhile(lambda wall: wall > SLOW_CALL * steady, walls))
    return WarmUp(len(slow), len(walls), steady, sum(slow) - len(slow) * steady)


def _bare_rows(recording: Recording) -> list[int]:
    calls = recording.content.calls
    return [row for row, name in enumerate(calls.capture) if name == "bare" and not calls.cold[row]]


def _memory_growth(recording: Recording, rows: Sequence[int]) -> float | None:
    """Average growth of resident memory from one call to the next, in bytes."""
    steps = _memory_steps(recording, rows)
    return round(sum(steps) / len(steps), 1) if len(steps) >= _LEAST_MEMORY_STEPS else None


def _memory_steps(recording: Recording, rows: Sequence[int]) -> list[int]:
    """Changes of resident memory from each call to the next.

    Only within rounds: between them other captures ran, and they keep their data.
    """
    calls = recording.content.calls
    steps = []
    for first, second in itertools.pairwise(rows):
        low, high = calls.rss_bytes[first], calls.rss_bytes[second]
        if calls.round[first] == calls.round[second] and low is not None and high is not None:
            steps.append(high - low)
    return steps


def capture_figures(recording: Recording, outcome: CaptureOutcome) -> CaptureFigures:
    """One capture's calls compared with the bare ones."""
    calls = recording.content.calls
    wall, bare_ns = calls.wall(outcome.name), bare_median_ns(recording)
    median = int(np.median(wall)) if wall else None
    inflation = round(median / bare_ns, 4) if median is not None and bare_ns else None
    return CaptureFigures(outcome.name, outcome.status, outcome.reason, len(wall), median, inflation)


def recording_notes(recording: Recording) -> list[str]:
    """Notes for readers of the figures on how they were measured."""
    notes = []
    if _total_from(recording) != "bare":
        notes.append("no bare call was measured; the total is from calls under spans")
    if recording.content.interrupted:
        notes.append("the recording was interrupted; figures cover the calls made until then")
    elif not recording.content.complete:
        happened = (
            "the program had not ended"
            if recording.content.workload.facts.call_sites
            else "the profiled process died"
        )
        notes.append(f"{happened}; figures cover the calls made until then")
    # Calls of a program and their replays after its end must not be compared.
    captures = [] if recording.content.workload.facts.in_program else recording.content.captures
    notes += [
        f"calls under the {figures.name} capture took only {figures.inflation:.2f} times as long as bare "
        "ones: the machine was busy or the calls vary; measure longer with --seconds"
        for figures in (capture_figures(recording, outcome) for outcome in captures)
        if figures.inflation is not None and figures.inflation < UNSTEADY_BELOW
    ]
    notes += [
        "this TensorFlow release cannot annotate its traces: the recorder timed the phases of native events "
        f"and aligned them with the traces to within {error_ns / 1000:.1f} µs; a trace whose clock could "
        "not be aligned has no phases"
        for outcome in recording.content.captures
        if isinstance(error_ns := outcome.details.annotation_error_ns, int)
    ]
    missing: dict[tuple[str, str], list[str]] = {}
    for outcome in recording.content.captures:
        if outcome.status != "ok":
            missing.setdefault((outcome.status, outcome.reason), []).append(outcome.name)
    notes += [
        f"the {', '.join(names)} capture{'s' if len(names) > 1 else ''} {status}: {reason}"
        for (status, reason), names in missing.items()
    ]
    return notes

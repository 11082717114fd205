"""Compares the instruments phase by phase, and says why they differ.

The attribution rests on ``spans``: it sees the exact beginning and end of the functions in the table, at a
measured cost. The other two are checks with known blind spots, so a difference is explained if possible
and never corrected.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ...model.recording import Recording
from ...model.report import Agreement, AgreementVerdict, Attribution
from ..call_figures import capture_figures
from ..intervals import share_intervals
from .counted import CountedPartition
from .partition import Partition
from .sampled import SampledPartition
from .vocabulary import NUMBER, PHASES, UNATTRIBUTED

#: With fewer samples of a phase, its agreement is not judged.
LEAST_SAMPLES = 20
#: Shares that differ by less than this agree, whatever their intervals: the captures' own work in the
#: phases is about as large.
SAME_WITHIN = 0.01
#: Phases of less than this in every instrument are not listed.
LEAST_SHARE = 0.0005
#: cProfile's own cost explains an excess if it makes up at least this part of it.
EXPLAINS = 0.25

#: A capture whose calls take more than this many times as long as bare ones distorts its figures.
SLOWED_BEYOND = 1.1

#: Known blind spots of an instrument, by phase.
BLIND_SAMPLER = {
    "garbage_collection": "a sampler cannot see the garbage collector; its time counts for the interrupted "
    "function",
    "teardown": "objects destroyed between two functions have no frame: they count for the next function",
}
BLIND_COUNTS = {
    "garbage_collection": "cProfile cannot see the garbage collector; its time counts for the interrupted "
    "function",
    "teardown": "objects destroyed as a function returns count for its caller in cProfile",
    "unattributed": "cProfile's unattributed time is what it cannot trace to a caller",
}
#: Phases whose functions wait in native code for other threads.
WAITING = ("batch_fetching", "execution", "iterator_creation", "synchronization")
NATIVE_SAMPLER = "only Python calls the sampler back: time in native code is counted once that code returns"
OTHER_CALLS = (
    "samples and spans are from different calls, made while the machine did other things: measure longer"
)
APPORTIONED = (
    "cProfile does not know which caller a shared function ran for: callers get its time in proportion"
)


def agreement(
    parts: Partition,
    sampled: SampledPartition | None,
    counted: CountedPartition | None,
    recording: Recording,
    lost: Sequence[str],
) -> list[Agreement]:
    """Each phase's share by spans, sampling and counts, the largest first.

    ``lost`` are the internals of which cProfile lost calls. The list is empty if there is nothing to
    compare the spans with.
    """
    if sampled is None and counted is None:
        return []
    spans = _shares(parts.self_ns.sum(axis=0))
    spans_ci95 = share_intervals(parts.self_ns)
    samples = None if sampled is None else _shares(sampled.self_ns.sum(axis=0))
    samples_ci95 = None if sampled is None else share_intervals(sampled.self_ns)
    counts = None if counted is None else _shares(counted.self_ns)
    rows = []
    for number, phase in enumerate(PHASES):
        seen = [shares[number] for shares in (spans, samples, counts) if shares is not None]
        if max(seen) < LEAST_SHARE:
            continue
        because: list[str] = []
        share, low, high = (float(spans[number]), *(float(bound) for bound in spans_ci95[number]))
        verdict: AgreementVerdict = "not measured"
        counted_verdict: AgreementVerdict = "not measured"
        if samples is not None and samples_ci95 is not None and sampled is not None:
            bounds = samples_ci95[number]
            enough = sampled.samples[:, number].sum() >= LEAST_SAMPLES or share >= SAME_WITHIN
            verdict = _verdict(share, bounds[0], bounds[1]) if enough else "too few samples"
            if verdict == "differ":
                because += _why_sampling_differs(phase, recording)
        if counts is not None and counted is not None:
            counted_verdict = _verdict(float(counts[number]), low, high)
            if counted_verdict == "differ":
                because += _why_counts_differ(phase, float(counts[number]) - share, counted, recording, lost)
        rows.append(
            Agreement(
                phase=phase,
                spans_share=round(share, 6),
                spans_ci95=(round(low, 6), round(high, 6)),
                sampled_share=None if samples is None else round(float(samples[number]), 6),
                sampled_ci95=None
                if samples_ci95 is None
                else (round(float(samples_ci95[number][0]), 6), round(float(samples_ci95[number][1]), 6)),
                verdict=verdict,
                counted_share=None if counts is None else round(float(counts[number]), 6),
                counted_verdict=counted_verdict,
                because=because,
            )
        )
    return sorted(rows, key=lambda row: -row.spans_share)


def put_elsewhere(rows: Sequence[Agreement]) -> dict[str, float]:
    """The share of the call that each other instrument puts into other phases than the spans.

    It is the total-variation distance of the shares: half the sum of their differences.
    Missing instruments are left out.
    """
    sampled = [abs(one.sampled_share - one.spans_share) for one in rows if one.sampled_share is not None]
    counted = [abs(one.counted_share - one.spans_share) for one in rows if one.counted_share is not None]
    both = {"sampling": sampled, "cProfile": counted}
    return {instrument: sum(apart) / 2 for instrument, apart in both.items() if apart}


def moved_to_unattributed(attribution: Attribution) -> float:
    """The share of the call that is unattributed by sampling and not by the spans."""
    by_spans = sum(one.spans_share for one in attribution.agreement if one.phase == UNATTRIBUTED)
    return max(0.0, attribution.unattributed_ns / max(attribution.total_ns, 1) - by_spans)


def _shares(times: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    whole = float(times.sum())
    return np.asarray(times / whole if whole else np.zeros(len(times)))


def _verdict(share: float, low: float, high: float) -> AgreementVerdict:
    return "agree" if low - SAME_WITHIN <= share <= high + SAME_WITHIN else "differ"


def _why_sampling_differs(phase: str, recording: Recording) -> list[str]:
    """Known reasons why a share by sampling is off."""
    because = []
    if phase in BLIND_SAMPLER:
        because.append(BLIND_SAMPLER[phase])
    if phase in WAITING:
        because.append(NATIVE_SAMPLER)
    inflation = next(
        (
            capture_figures(recording, outcome).inflation
            for outcome in recording.content.captures
            if outcome.name == "pyinstrument"
        ),
        None,
    )
    if inflation is not None and inflation > SLOWED_BEYOND:
        because.append(
            f"pyinstrument is called back on each function call: calls under it took {inflation:.2f} "
            "times as long as bare ones, most in phases that call many functions"
        )
    return because or [OTHER_CALLS]


def _why_counts_differ(
    phase: str,
    excess: float,
    counted: CountedPartition,
    recording: Recording,
    lost: Sequence[str],
) -> list[str]:
    """Known reasons why a share by counts is off by ``excess``."""
    because = []
    if phase in BLIND_COUNTS:
        because.append(BLIND_COUNTS[phase])
    cost_ns = next(
        (
            outcome.details.call_cost_ns
            for outcome in recording.content.captures
            if outcome.name == "cprofile"
        ),
        None,
    )
    calls, whole = float(counted.calls[NUMBER[phase]]), float(counted.self_ns.sum())
    if cost_ns and excess > 0 and calls * cost_ns > EXPLAINS * excess * whole:
        because.append(
            f"cProfile adds about {cost_ns / 1000:.2f} µs to each function call: "
            f"{calls * cost_ns / whole:.1%} of its total time in this phase"
        )
    if lost and not because:
        because.append(
            f"cProfile lost calls of {len(lost)} internals, so the functions that they called lack a caller"
        )
    return because or [APPORTIONED]

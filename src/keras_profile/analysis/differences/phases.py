"""The phases' differences, which sum to that of the call, and how surely each is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import expm1, hypot, sqrt

import numpy as np

from ...model.comparison import DifferenceVerdict, PhaseDifference
from ...model.report import PhaseShare
from ..attribution.vocabulary import NUMBER, PHASES
from .ratios import LEAST_QUADS, LEVEL, Floats, quantile, trimmed

#: A phase is slower or faster if it certainly is by more than this part of the call before: what comes after
#: work of some milliseconds is a little slower, and nobody would act on it.
LEAST_PART = 0.005
#: How much two processes of one program differ in a phase: as a part of the call, and of the phase.
#: ``benchmarks/gate.py plant`` measures 0.7 to 2.0% of the largest phases.
PROCESS_SPREAD, PROCESS_SPREAD_OF_PHASE = 0.003, 0.015
#: Whether garbage is collected in every measured call or in none can stay as it is in a process for ever.
_BY_PROCESS = "garbage_collection"


@dataclass(frozen=True)
class PhaseMoves:
    """By how much each of :data:`PHASES` differs in calls made in turn under spans, in ns, and how surely.

    ``call_ns`` is the median call before, under spans. ``errors`` are standard errors.
    """

    call_ns: float
    ns: Floats
    errors: Floats


def phase_differences(
    before: Sequence[PhaseShare],
    after: Sequence[PhaseShare],
    before_ns: int,
    after_ns: int,
    moves: PhaseMoves | None = None,
    ratio_error: float = 0.0,
    in_turn: bool = False,
) -> list[PhaseDifference]:
    """Each phase's difference, largest first; they sum to ``after_ns - before_ns``.

    ``moves`` says by how much each phase differs, if that was measured in turn; without it, each side's
    phases are scaled to its call. ``ratio_error`` is the standard error of the logarithm of the call's ratio.
    If the sides were not measured ``in_turn``, all that is known are indications.
    """
    first, second = _parts(before, before_ns), _parts(after, after_ns)
    occurring = [phase for phase in PHASES if phase in first or phase in second]
    if moves is not None:
        second = _moved(moves, first, occurring, after_ns)
    level = _level_of_each(len(occurring))
    found = []
    for phase in occurring:
        was, now = first.get(phase, 0), second.get(phase, 0)
        interval = None
        if moves is not None:
            interval = _interval(now - was, now, float(moves.errors[NUMBER[phase]]), ratio_error, level)
        unknown: DifferenceVerdict = "cannot_tell" if in_turn else "indication"
        verdict = unknown if interval is None else _verdict(interval, before_ns)
        found.append(PhaseDifference(phase, was, now, now - was, interval, verdict))
    return sorted(found, key=lambda one: -abs(one.difference_ns))


def phase_moves(
    quads: Sequence[tuple[Floats, Floats]], before_ns: int, ratio: float, pairs: int = 1
) -> PhaseMoves | None:
    """By how much each phase differs, from calls made in turn under spans by so many ``pairs`` of processes.

    Each of ``quads`` has the mean time in ns of each of :data:`PHASES` in a call of both sides. A call before
    takes ``before_ns`` with nothing installed, and longer under spans; what comes to it after takes as long
    in both. By how much that is, bare calls say better: ``ratio`` is theirs. In a quad the machine is as fast
    for both sides, so the shares of phases are compared, and quads that a pause hit do not count.

    None if there are fewer than :data:`LEAST_QUADS`.
    """
    if len(quads) < LEAST_QUADS:
        return None
    call_ns = float(np.median([before.sum() for before, _ in quads]))
    under_spans = 1 + (ratio - 1) * before_ns / call_ns
    parts = np.array([under_spans * after / after.sum() - before / before.sum() for before, after in quads])
    # Student's t for the level of each phase would be so large for the five quads of a short comparison that
    # no phase were ever named: its value for the level of all is used.
    middles = [trimmed(column) for column in parts.T]
    centers, chances = np.array([(one.center, one.error * one.widened) for one in middles]).T
    # The phases sum to the call. What the middle of each leaves over belongs to those that are known worst.
    weights = chances**2 if chances.any() else np.ones(len(chances))
    centers += (under_spans - 1 - centers.sum()) * weights / weights.sum()
    # What processes differ by in a phase does not become less by more quads.
    shares = np.mean([side / side.sum() for quad in quads for side in quad], axis=0)
    of_phase = np.full(len(shares), PROCESS_SPREAD_OF_PHASE)
    of_phase[NUMBER[_BY_PROCESS]] = 1.0
    spreads = np.hypot(PROCESS_SPREAD, of_phase * shares)
    errors = np.hypot(chances, spreads / sqrt(pairs))
    return PhaseMoves(call_ns, centers * call_ns, errors * call_ns)


def apportioned(shares: Sequence[float], total: int) -> list[int]:
    """``total`` divided in proportion to ``shares``, in whole numbers that sum to it.

    >>> apportioned([1, 1, 1], 100)
    [34, 33, 33]
    """
    whole = sum(shares)
    if whole <= 0:
        return [total, *[0] * (len(shares) - 1)] if shares else []
    exact = [share * total / whole for share in shares]
    found = [int(one) for one in exact]
    order = sorted(range(len(shares)), key=lambda at: found[at] - exact[at])
    for at in order[: total - sum(found)]:
        found[at] += 1
    return found


def _level_of_each(phases: int) -> float:
    """The level of one phase's interval, if there are as many ``phases``."""
    return 1 - (1 - LEVEL) / max(phases, 1)


def _moved(
    moves: PhaseMoves, before_ns: Mapping[str, int], occurring: Sequence[str], after_ns: int
) -> dict[str, int]:
    """The phases after, in whole ns that sum to ``after_ns``; no phase takes less than nothing."""
    found = [max(before_ns.get(phase, 0) + float(moves.ns[NUMBER[phase]]), 0.0) for phase in occurring]
    return dict(zip(occurring, apportioned(found, after_ns)))


def _parts(phases: Sequence[PhaseShare], total_ns: int) -> dict[str, int]:
    parts = apportioned([phase.self_ns for phase in phases], total_ns)
    return {phase.phase: ns for phase, ns in zip(phases, parts)}


def _interval(difference: int, now: int, error: float, ratio_error: float, level: float) -> tuple[int, int]:
    """The interval of a phase's difference. The call's ratio is known as a logarithm, so it is lopsided."""
    times = quantile(level)
    low, high = (abs(expm1(sign * times * ratio_error)) * now for sign in (-1, 1))
    return round(difference - hypot(times * error, low)), round(difference + hypot(times * error, high))


def _verdict(interval: tuple[int, int], before_ns: int) -> DifferenceVerdict:
    low, high = interval
    if low > LEAST_PART * before_ns:
        return "slower"
    return "faster" if high < -LEAST_PART * before_ns else "no_difference"

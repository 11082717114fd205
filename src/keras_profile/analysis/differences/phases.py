"""The phases' differences, which sum to that of the call, and how surely each is one."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, sqrt

import numpy as np

from ...model.comparison import DifferenceVerdict, PhaseDifference
from ...model.report import PhaseShare
from ..attribution.vocabulary import NUMBER, PHASES
from .ratios import LEAST_QUADS, Floats, quantile, trimmed

#: The level at which no phase has a difference by chance, all phases together.
LEVEL = 0.99
#: A phase whose difference is less than this part of the call before is not named, however sure it is.
LEAST_PART = 0.005
#: How much two processes of one program differ in a phase, as a part of the call.
PROCESS_SPREAD = 0.003


def phase_differences(
    before: Sequence[PhaseShare],
    after: Sequence[PhaseShare],
    before_ns: int,
    after_ns: int,
    errors: Sequence[float] | None,
    ratio_error: float,
    in_turn: bool = False,
    under_spans: float | None = None,
) -> list[PhaseDifference]:
    """Each phase's difference, largest first; they sum to ``after_ns - before_ns``.

    The phases are known from calls under spans, which take longer than bare ones: what is added to a call is
    a smaller part of them. So their own ratio, ``under_spans``, says by how much each phase differs; without
    it, each side's phases are scaled to its call.

    ``errors`` has the standard error of each of :data:`PHASES`, as a part of the call before; None if they
    are not known. ``ratio_error`` is that of the logarithm of the call's ratio. If the sides were not
    measured ``in_turn``, all that is known are indications.
    """
    first, second = _parts(before, before_ns), _parts(after, after_ns)
    occurring = [phase for phase in PHASES if phase in first or phase in second]
    if under_spans is not None:
        mine, its = _shares(before, occurring), _shares(after, occurring)
        moved = _moved(mine, under_spans * its, [first.get(one, 0) for one in occurring], after_ns)
        second = dict(zip(occurring, moved))
    level = 1 - (1 - LEVEL) / max(len(occurring), 1)
    found = []
    for phase in occurring:
        was, now = first.get(phase, 0), second.get(phase, 0)
        interval = None
        if errors is not None:
            error = sqrt((errors[NUMBER[phase]] * before_ns) ** 2 + (now * ratio_error) ** 2)
            half = quantile(level) * error
            interval = round(now - was - half), round(now - was + half)
        unknown: DifferenceVerdict = "cannot_tell" if in_turn else "indication"
        verdict = unknown if interval is None else _verdict(now - was, interval, before_ns)
        found.append(PhaseDifference(phase, was, now, now - was, interval, verdict))
    return sorted(found, key=lambda one: -abs(one.difference_ns))


def ratio_under_spans(quads: Sequence[tuple[Floats, Floats]], before_ns: int, ratio: float) -> float | None:
    """The ratio of calls under spans, from the ``ratio`` of bare ones, which is known better.

    A call before takes ``before_ns``, and longer under spans; what comes to it after takes as long in both.
    None if there are too few ``quads``, which are those of :func:`phase_errors`.
    """
    if len(quads) < LEAST_QUADS:
        return None
    return 1 + (ratio - 1) * before_ns / float(np.median([before.sum() for before, _ in quads]))


def phase_errors(quads: Sequence[tuple[Floats, Floats]], ratio: float, pairs: int = 1) -> list[float] | None:
    """The standard error of each phase's difference, as a part of the call before.

    Each of ``quads`` has the mean time in ns of each of :data:`PHASES` in a call of both sides, made in turn
    under spans, by so many ``pairs`` of processes; ``ratio`` is that of these calls. None if there are too
    few.
    """
    if len(quads) < LEAST_QUADS:
        return None
    parts = np.array([ratio * after / after.sum() - before / before.sum() for before, after in quads])
    # What processes differ by in a phase does not become less by more quads.
    return [hypot(trimmed(column)[1], PROCESS_SPREAD / sqrt(pairs)) for column in parts.T]


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


def _moved(before: Floats, after: Floats, before_ns: Sequence[int], after_ns: int) -> list[int]:
    """The phases after, in whole ns that sum to ``after_ns``, from both sides' shares of the call before.

    What the difference of bare calls has beyond that of these is added where something differs, as much as it
    differs; no phase takes less than nothing.
    """
    whole = sum(before_ns)
    moves = whole * (after - before)
    weights = np.abs(moves) if np.abs(moves).any() else before
    rest = after_ns - whole - float(moves.sum())
    found = np.maximum(np.array(before_ns, dtype=np.float64) + moves + rest * weights / weights.sum(), 0.0)
    return apportioned(found.tolist(), after_ns)


def _shares(phases: Sequence[PhaseShare], names: Sequence[str]) -> Floats:
    by_name = {one.phase: one.self_ns for one in phases}
    ns: Floats = np.array([by_name.get(name, 0) for name in names], dtype=np.float64)
    whole = max(sum(by_name.values()), 1)
    return ns / whole


def _parts(phases: Sequence[PhaseShare], total_ns: int) -> dict[str, int]:
    parts = apportioned([phase.self_ns for phase in phases], total_ns)
    return {phase.phase: ns for phase, ns in zip(phases, parts)}


def _verdict(difference: int, interval: tuple[int, int], before_ns: int) -> DifferenceVerdict:
    low, high = interval
    if abs(difference) < LEAST_PART * before_ns or low <= 0 <= high:
        return "no_difference"
    return "slower" if difference > 0 else "faster"

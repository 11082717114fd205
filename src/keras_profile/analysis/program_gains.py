"""Gains of the whole program by changes of calls, computed from the gain of one call."""

from __future__ import annotations

from collections.abc import Sequence

from ..model.program_report import GroupReport, ProgramGain
from .comparisons import payoff
from .comparisons.verdicts import best_of


def program_gains(groups: Sequence[GroupReport], wall_ns: int) -> list[ProgramGain]:
    """For each group the best change that makes the program end sooner, the largest gain first.

    Calls that ran at the same time count once: a change shrinks their part of the program.
    """
    found = [gain for place, group in enumerate(groups) if (gain := _gain(place, group, wall_ns))]
    return sorted((one for one in found if one.gain_ns > 0), key=lambda one: -one.gain_ns)


def with_all_ns(gains: Sequence[ProgramGain], groups: Sequence[GroupReport], wall_ns: int) -> int | None:
    """The program's time with all of these gains; None without one.

    Calls of several threads overlap, so that their gains may be of the same time: there it is the largest.
    """
    if not gains:
        return None
    threads = {one.thread for gain in gains for one in groups[gain.group].threads}
    gain_ns = sum(gain.gain_ns for gain in gains) if len(threads) == 1 else gains[0].gain_ns
    return max(wall_ns - gain_ns, 0)


def _gain(place: int, group: GroupReport, wall_ns: int) -> ProgramGain | None:
    best = best_of(group.comparisons)
    calls = group.count - (group.cold_ns is not None)
    if best is None or not best.speedup or calls <= 0 or not group.total_ns:
        return None
    at_once = min(group.share_of_wall * wall_ns / group.total_ns, 1.0)
    warm_ns = (group.total_ns - (group.cold_ns or 0)) * at_once
    gained = warm_ns * (1 - 1 / best.speedup)
    # With the change, nothing is built for the original call, which saves that time of its first call.
    building_ns = max(0, payoff.building_ns(best) - (group.once_ns or 0))
    gain_ns = int(gained) - building_ns
    return ProgramGain(
        group=place,
        recipe=best.recipe,
        title=best.title,
        calls=calls,
        call_gain_ns=int(gained / calls),
        building_ns=building_ns,
        gain_ns=gain_ns,
        program_ns=max(wall_ns - gain_ns, 0),
    )

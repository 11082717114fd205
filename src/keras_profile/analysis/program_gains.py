"""What changes of calls would make of the whole program: computed from what one call gains."""

from __future__ import annotations

from collections.abc import Sequence

from ..model.program_report import GroupReport, ProgramGain
from .comparisons.verdicts import best_of


def program_gains(groups: Sequence[GroupReport], wall_ns: int) -> list[ProgramGain]:
    """For each group its best change that makes the program end sooner, the largest gain first.

    Calls that ran at the same time count as once: the part of the program that they have shrinks.
    """
    found = [gain for place, group in enumerate(groups) if (gain := _gain(place, group, wall_ns))]
    return sorted((one for one in found if one.gain_ns > 0), key=lambda one: -one.gain_ns)


def pays_off_after(group: GroupReport) -> int | None:
    """After how many calls the best change has gained what building it takes; None without one."""
    best = best_of(group.comparisons)
    if best is None or not best.speedup or group.regularity is None:
        return None
    each_ns = group.regularity.median_ns * (1 - 1 / best.speedup)
    return None if each_ns <= 0 else 1 + int((best.warmup_ns or 0) / each_ns)


def _gain(place: int, group: GroupReport, wall_ns: int) -> ProgramGain | None:
    best = best_of(group.comparisons)
    calls = group.count - group.calls.cold.count
    if best is None or not best.speedup or calls <= 0 or not group.total_ns:
        return None
    at_once = min(group.share_of_wall * wall_ns / group.total_ns, 1.0)
    warm_ns = (group.total_ns - group.calls.cold.total_ns) * at_once
    gained = warm_ns * (1 - 1 / best.speedup)
    building_ns = best.warmup_ns or 0
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

"""Gains of the whole program by changes of calls, computed from the gain of one call."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET

from ..model.program_report import GroupReport, ProgramGain
from ..model.report import Comparison
from .comparisons import payoff
from .comparisons.verdicts import best_of
from .rules.shared.new_models import are_new, get_the_same_input


def program_gains(groups: Sequence[GroupReport], wall_ns: int) -> list[ProgramGain]:
    """For each group the best change that makes the program end sooner, the largest gain first.

    Calls that ran at the same time count once: a change shrinks their part of the program.
    """
    counted: set[str] = set()
    found = [gain for place, group in enumerate(groups) if (gain := _gain(place, group, wall_ns, counted))]
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


def keeps_no_model(group: GroupReport) -> bool:
    """Whether its calls get new models that could be one: changes are then measured on a model that is kept.

    An ensemble calls each of many models too, with the same input.
    """
    found = any(one.rule == "model_loaded" and one.verdict == "found" for one in group.findings)
    facts = group.workload.facts
    made = facts.models is not UNSET and are_new(facts.models)
    flow = None if facts.data_flow is UNSET else facts.data_flow
    return found and made and not get_the_same_input(flow)


def _gain(place: int, group: GroupReport, wall_ns: int, counted: set[str]) -> ProgramGain | None:
    """The gain of a group; ``counted`` are the lines whose making of models is in the gain of another."""
    best = best_of(group.comparisons)
    calls = group.count - (group.cold_ns is not None)
    if calls <= 0 or not group.total_ns:
        return None
    at_once = min(group.share_of_wall * wall_ns / group.total_ns, 1.0)
    warm_ns = (group.total_ns - (group.cold_ns or 0)) * at_once
    if keeps_no_model(group):
        return _gain_of_keeping(place, group, best, warm_ns, wall_ns, counted)
    if best is None or not best.speedup:
        return None
    return _made(place, group, best.title, best, warm_ns * (1 - 1 / best.speedup), 0, wall_ns)


def _gain_of_keeping(
    place: int,
    group: GroupReport,
    best: Comparison | None,
    warm_ns: float,
    wall_ns: int,
    counted: set[str],
) -> ProgramGain | None:
    """The gain of one model for all calls, with the best change of its calls if there is one."""
    again = group.workload.facts.in_program
    alone_ns = None if again is UNSET else again.again_ns
    title = "one model for all calls"
    if best is not None and best.speedup:
        alone_ns = int((alone_ns or best.before_ns) / best.speedup)
        title = f"{title} and {best.title}"
    if alone_ns is None or group.workload.facts.models is UNSET:
        return None
    calls = group.count - (group.cold_ns is not None)
    makers = [one for one in group.workload.facts.models.made_by if one.where not in counted]
    counted.update(one.where for one in makers)
    made_ns = sum((one.count - 1) * one.median_ns for one in makers)
    return _made(place, group, title, best, max(warm_ns - calls * alone_ns, 0), made_ns, wall_ns)


def _made(
    place: int,
    group: GroupReport,
    title: str,
    change: Comparison | None,
    gained_ns: float,
    models_ns: int,
    wall_ns: int,
) -> ProgramGain:
    calls = group.count - (group.cold_ns is not None)
    # With the change, nothing is built for the original call, which saves that time of its first call.
    building_ns = 0 if change is None else max(0, payoff.building_ns(change) - (group.once_ns or 0))
    gain_ns = int(gained_ns) + models_ns - building_ns
    return ProgramGain(
        group=place,
        recipe="" if change is None else change.recipe,
        title=title,
        calls=calls,
        call_gain_ns=int(gained_ns / calls),
        building_ns=building_ns,
        gain_ns=gain_ns,
        program_ns=max(wall_ns - gain_ns, 0),
        models_ns=models_ns,
    )

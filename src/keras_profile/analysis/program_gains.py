"""Gains of the whole program by changes of calls, computed from the gain of one call."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET

from ..model.program_report import GroupReport, ProgramGain
from ..model.report import Comparison
from .comparisons import payoff
from .comparisons.verdicts import best_of
from .rules.shared.in_program import extra_ns
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
    speedup = None if best is None else best.speedup
    calls = group.count - (group.cold_ns is not None)
    if calls <= 0 or not group.total_ns:
        return None
    at_once = min(group.share_of_wall * wall_ns / group.total_ns, 1.0)
    warm_ns = (group.total_ns - (group.cold_ns or 0)) * at_once
    titles, models_ns = [], 0
    if keeps_no_model(group):
        alone_ns = _alone_ns(group, best)
        if alone_ns is None:
            return None
        titles, models_ns = ["one model for all calls"], _models_ns(group, counted)
        gained = max(warm_ns - calls * int(alone_ns / (speedup or 1)), 0)
    elif speedup:
        gained = warm_ns * _measured_part(group) * (1 - 1 / speedup)
    else:
        return None
    building_ns = 0
    if best is not None and speedup:
        titles.append(best.title)
        # With the change, nothing is built for the original call, which saves that time of its first call.
        building_ns = max(0, payoff.building_ns(best) - (group.once_ns or 0))
    gain_ns = int(gained) + models_ns - building_ns
    return ProgramGain(
        group=place,
        recipe="" if best is None else best.recipe,
        title=" and ".join(titles),
        calls=calls,
        call_gain_ns=int(gained / calls),
        building_ns=building_ns,
        gain_ns=gain_ns,
        program_ns=max(wall_ns - gain_ns, 0),
        models_ns=models_ns,
    )


def _measured_part(group: GroupReport) -> float:
    """The part of a call in the program that its replayed calls have too: a change can save only from that.

    What else slows down the program's calls stays, such as a compilation for each new shape.
    """
    again = group.workload.facts.in_program
    if again is UNSET or not again.warm_ns or not again.again_ns or not extra_ns(again):
        return 1.0
    return again.again_ns / again.warm_ns


def _alone_ns(group: GroupReport, best: Comparison | None) -> int | None:
    """How long a call of a model that is kept takes: replayed alone, or else during the trials."""
    again = group.workload.facts.in_program
    replayed_ns = None if again is UNSET else again.again_ns
    return replayed_ns or (None if best is None else best.before_ns)


def _models_ns(group: GroupReport, counted: set[str]) -> int:
    """The time to make all models but one, at lines that are not ``counted`` yet."""
    models = group.workload.facts.models
    makers = [] if models is UNSET else [one for one in models.made_by if one.where not in counted]
    counted.update(one.where for one in makers)
    return sum((one.count - 1) * one.median_ns for one in makers)

"""Findings that are new, gone, or cost more or less; changes whose gain is not what it was."""

from __future__ import annotations

from ...model.comparison import FindingChange, FindingDifference, PhaseDifference, RecipeDifference
from ...model.report import Comparison, Finding, ReportContent

#: A finding costs more or less if its cost changed by this part of the call before, and the time of its phase
#: surely changed.
LEAST_COST = 0.02
#: A change gains more or less if the intervals of its speed-up are apart by this factor.
LEAST_GAIN = 1.1


def finding_differences(
    before: ReportContent, after: ReportContent, phases: list[PhaseDifference], before_ns: int
) -> list[FindingDifference]:
    """The findings that changed, the largest difference of cost first."""
    first, second = _found(before), _found(after)
    unknown = {one.rule for side in (before, after) for one in side.findings if one.verdict == "cannot_tell"}
    sure = {one.phase for one in phases if one.verdict != "no_difference"}
    found = []
    for rule in (first.keys() | second.keys()) - unknown:
        mine, its = first.get(rule), second.get(rule)
        costs = [0 if one is None else one.cost_ns_per_call for one in (mine, its)]
        change = _change(mine, its, costs[1] - costs[0], LEAST_COST * before_ns, sure)
        shown = its or mine
        if change is not None and shown is not None:
            found.append(FindingDifference(rule, change, shown.title, costs[0], costs[1], shown.where))
    order = {"new": 0, "costs_more": 1, "gone": 2, "costs_less": 3}
    return sorted(found, key=lambda one: (order[one.change], -abs(one.after_ns - one.before_ns), one.rule))


def recipe_differences(before: ReportContent, after: ReportContent) -> list[RecipeDifference]:
    """The changes whose gain surely differs, or that only one side has measured as faster."""
    first, second = _measured(before), _measured(after)
    found = []
    for recipe in first.keys() & second.keys():
        mine, its = first[recipe], second[recipe]
        if _apart(mine, its):
            found.append(RecipeDifference(recipe, its.title, mine.speedup, its.speedup))
    return sorted(found, key=lambda one: one.recipe)


def _change(
    before: Finding | None, after: Finding | None, more_ns: int, least_ns: float, sure: set[str]
) -> FindingChange | None:
    """What happened to a finding; None if nothing did. ``sure`` are the phases that surely changed."""
    if after is None:
        return "gone"
    if before is None:
        return "new"
    if abs(more_ns) < least_ns or after.phase not in sure:
        return None
    return "costs_more" if more_ns > 0 else "costs_less"


def _found(report: ReportContent) -> dict[str, Finding]:
    return {one.rule: one for one in report.findings if one.verdict in ("found", "included")}


def _measured(report: ReportContent) -> dict[str, Comparison]:
    return {one.recipe: one for one in report.comparisons if one.speedup_ci99 is not None}


def _apart(one: Comparison, other: Comparison) -> bool:
    assert one.speedup_ci99 is not None
    assert other.speedup_ci99 is not None
    lower, higher = sorted((one.speedup_ci99, other.speedup_ci99))
    return higher[0] > LEAST_GAIN * lower[1]

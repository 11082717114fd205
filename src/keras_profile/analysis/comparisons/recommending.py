"""Chooses the recommended change: the simplest of those that gain about the same."""

from __future__ import annotations

from collections.abc import Sequence

from ...model.report import Comparison
from ...recipes.catalogue import RECIPES
from ...recipes.simplicity import ORDER
from .payoff import saved_ns

#: A simpler change is better if it saves this part of what the best one saves, even if the two surely
#: differ: a call that takes a hundredth is hardly worth more than one that takes a fiftieth.
NEARLY = 0.97
#: A change that is valid for every call is preferred to one with a condition, which the recorded calls
#: cannot show, if it saves this part of what that one saves.
SURE = 0.8

_RANKS = {recipe.id: ORDER.index(recipe.simplicity) for recipe in RECIPES}


def recommended(comparisons: Sequence[Comparison], calls: int | None = None) -> Comparison | None:
    """The change to recommend, among those that are surely faster with the same outputs.

    ``calls`` is the number of calls of a program: then the cost of building a change counts too, and
    changes that do not pay off within these calls come last.
    """
    faster = [one for one in comparisons if one.verdict == "faster" and not one.approximate]
    if calls is not None:
        faster = [one for one in faster if saved_ns(one, calls) > 0] or faster
    if not faster:
        return None
    best = _simplest(faster, calls)
    sure = [one for one in faster if not one.condition]
    if best.condition and sure:
        other = _simplest(sure, calls)
        if _gain(other, calls) >= SURE * _gain(best, calls):
            return other
    return best


def _simplest(faster: Sequence[Comparison], calls: int | None) -> Comparison:
    """The simplest change whose gain is nearly the largest, or not surely smaller."""
    leader = max(faster, key=lambda one: _gain(one, calls))
    low, _ = _gains(leader, calls)
    near = [
        one
        for one in faster
        if _gains(one, calls)[1] >= low or _gain(one, calls) >= NEARLY * _gain(leader, calls)
    ]
    return min(near, key=lambda one: (rank(one), -_gain(one, calls)))


def rank(comparison: Comparison) -> int:
    """The rank of a change by how simple and safe it is; smaller is simpler."""
    return _RANKS.get(comparison.recipe, len(ORDER))


def _gain(one: Comparison, calls: int | None) -> float:
    """The time that a change saves: over all ``calls``, or in one call without the cost of building."""
    return one.before_ns - (one.after_ns or 0) if calls is None else saved_ns(one, calls)


def _gains(one: Comparison, calls: int | None) -> tuple[float, float]:
    """The least and the most time that it saves, by the interval of its speed-up."""
    if one.speedup_ci99 is None:
        return _gain(one, calls), _gain(one, calls)
    low, high = (
        one.before_ns * (1 - 1 / end) if calls is None else saved_ns(one, calls, end)
        for end in one.speedup_ci99
    )
    return low, high

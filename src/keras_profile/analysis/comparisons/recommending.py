"""Which of several changes that are faster is recommended: the simplest of those that gain the same."""

from __future__ import annotations

from collections.abc import Sequence

from ...model.report import Comparison
from ...recipes.catalogue import RECIPES
from ...recipes.simplicity import ORDER
from .payoff import saved_ns

#: A simpler change is the better one where it saves so much of what the best one saves, even where the two
#: can be told apart: a call that takes a hundredth is hardly worth more than one that takes a fiftieth.
NEARLY = 0.97
#: A change that holds for every call is recommended before one with a condition, which the recorded calls
#: cannot show, where it saves so much of what that one saves.
SURE = 0.8

_RANKS = {recipe.id: ORDER.index(recipe.simplicity) for recipe in RECIPES}


def recommended(comparisons: Sequence[Comparison], calls: int | None = None) -> Comparison | None:
    """The change to recommend, of those that are surely faster with the same outputs.

    ``calls`` is how many a program made: then what building a change takes counts too, and one that does
    not pay off within them comes after all that do.
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
    """The simplest of those whose gain is nearly the largest one, or cannot be told from it."""
    leader = max(faster, key=lambda one: _gain(one, calls))
    low, _ = _gains(leader, calls)
    near = [
        one
        for one in faster
        if _gains(one, calls)[1] >= low or _gain(one, calls) >= NEARLY * _gain(leader, calls)
    ]
    return min(near, key=lambda one: (rank(one), -_gain(one, calls)))


def rank(comparison: Comparison) -> int:
    """The place of a change in the order of what is simple and safe; smaller is simpler."""
    return _RANKS.get(comparison.recipe, len(ORDER))


def _gain(one: Comparison, calls: int | None) -> float:
    """What a change saves: in all ``calls``, or else in one whose building costs nothing."""
    return one.before_ns - (one.after_ns or 0) if calls is None else saved_ns(one, calls)


def _gains(one: Comparison, calls: int | None) -> tuple[float, float]:
    """The least and the most that it saves, by the interval of its speed-up."""
    if one.speedup_ci99 is None:
        return _gain(one, calls), _gain(one, calls)
    low, high = (
        one.before_ns * (1 - 1 / end) if calls is None else saved_ns(one, calls, end)
        for end in one.speedup_ci99
    )
    return low, high

"""Finds since when a call is slower or faster, over commits or interpreters, by halving what is between.

Each state is measured in turn with the good one. It is like the bad one if its ratio is beyond half of the
bad one's, as a logarithm; or if it is not clear whether it is, but clear that it is not like the good one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, log

from ...errors import KerasProfileError
from ...model.bisection import BISECTION_SCHEMA, BisectionContent, BisectionStep
from ...model.comparison import ComparisonContent
from .stepping import SURE

#: A state that is not clear is measured again, with these multiples of the usual seconds.
_TIMES = (1, 2, 4)
#: Measures two states, by their numbers, in turn, for a multiple of the usual seconds.
Measure = Callable[[int, int, int], ComparisonContent]


def bisect(states: Sequence[str], measure: Measure) -> BisectionContent:
    """Finds the two neighbours in ``states`` between which the call changed. The first is good, the last bad.

    States that cannot be measured are passed over. Raises :class:`KerasProfileError` if there are fewer than
    two states, the good or the bad one cannot be measured, or they do not differ.
    """
    if len(states) < 2:
        raise KerasProfileError(
            f"expected a good and a bad state, found {len(states)}", "give another --good or --bad"
        )
    whole = _until_clear(measure, 0, len(states) - 1)
    if whole.total.verdict not in SURE:
        raise KerasProfileError(
            f"the good and the bad state do not surely differ: {whole.headline}",
            "give --seconds more time, or other states",
        )
    half = log(whole.total.ratio) / 2
    steps = [BisectionStep(states[-1], whole.total.ratio, True)]
    good, bad, broken = 0, len(states) - 1, set[int]()
    comparison, interrupted = whole, False
    try:
        while (state := _middle(good, bad, broken)) is not None:
            step = _step(states, state, half, measure)
            steps.append(step)
            if step.changed is None:
                broken.add(state)
            elif step.changed:
                bad = state
            else:
                good = state
        if (good, bad) != (0, len(states) - 1):
            comparison = _last(measure, good, bad, whole)
    except KeyboardInterrupt:
        interrupted = True
    between = [states[one] for one in range(good + 1, bad)]
    return BisectionContent(
        schema=BISECTION_SCHEMA,
        headline=_since(states, good, bad, comparison, whole, interrupted),
        states=len(states),
        before=states[good],
        after=states[bad],
        between=between,
        steps=steps,
        comparison=comparison,
    )


def _since(
    states: Sequence[str],
    good: int,
    bad: int,
    comparison: ComparisonContent,
    whole: ComparisonContent,
    interrupted: bool,
) -> str:
    since = f"since {states[bad]}" if bad == good + 1 else f"between {states[good]} and {states[bad]}"
    if interrupted:
        return f"interrupted: {since}; the good and the bad state: {whole.headline}"
    if comparison.total.verdict == "cannot_tell":
        return f"probably {since}: {comparison.headline}; the good and the bad state: {whole.headline}"
    if comparison.total.verdict != whole.total.verdict:
        return (
            f"no single step was found; {since} is the nearest: {comparison.headline}; the good and the bad "
            f"state: {whole.headline}"
        )
    return f"{since}: {comparison.headline}"


def _until_clear(measure: Measure, first: int, second: int) -> ComparisonContent:
    """The comparison of two states, longer if it is not clear whether they differ."""
    for times in _TIMES:
        found = measure(first, second, times)
        if found.total.verdict != "cannot_tell":
            break
    return found


def _middle(good: int, bad: int, broken: set[int]) -> int | None:
    """The state nearest to the middle that can be measured; None if there is none between."""
    open_ones = [one for one in range(good + 1, bad) if one not in broken]
    return min(open_ones, key=lambda one: abs(2 * one - good - bad), default=None)


def _last(measure: Measure, good: int, bad: int, whole: ComparisonContent) -> ComparisonContent:
    """The comparison of the two neighbours; of the good and the bad state if that fails now."""
    try:
        return _until_clear(measure, good, bad)
    except KerasProfileError:
        return whole


def _step(states: Sequence[str], state: int, half: float, measure: Measure) -> BisectionStep:
    """Measures a state, longer if it is not clear, and says on which side of the middle it is."""
    for times in _TIMES:
        try:
            total = measure(0, state, times).total
        except KerasProfileError as error:
            return BisectionStep(states[state], None, None, error.reason)
        low, high = total.ratio_ci99 or (0.0, float("inf"))
        if not low <= exp(half) <= high:
            return BisectionStep(states[state], total.ratio, log(total.ratio) / half > 1)
    if total.verdict in SURE and log(total.ratio) / half > 0:
        # About half of it: the call changed in several steps, and the first of them was before.
        return BisectionStep(states[state], total.ratio, True)
    reason = "not clear whether it is like the good or the bad state"
    return BisectionStep(states[state], total.ratio, None, reason)

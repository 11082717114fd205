"""The answer of a comparison in a sentence."""

from __future__ import annotations

from ...model.comparison import ComparisonContent, InternalDifference, PhaseDifference
from ...number_words import milliseconds, multiple, number, percent

#: The most phases and internals that are named.
_MOST_PHASES, _MOST_INTERNALS = 2, 2
#: A phase is named if it has this part of the difference at least.
_LEAST_PART = 0.15
#: An internal is named for a phase if its difference has this part of the phase's.
_LEAST_OF_PHASE = 0.3


def headline(content: ComparisonContent) -> str:
    """Such as ``predict +7.9 ms (1.17×, 99% CI 1.14–1.21): iterator_creation +7.2 ms, OwnedIterator …``."""
    parts = [total_words(content)]
    phases = named_phases(content)
    internals = named_internals(content, phases)
    words = [f"{one.phase} {signed(one.difference_ns)}" for one in phases] + [
        internal_words(one) for one in internals
    ]
    if words:
        parts.append(": " + ", ".join(words))
    parts += _findings(content)
    if content.outputs.verdict == "differ":
        parts.append("; the outputs differ")
    return "".join(parts)


def _findings(content: ComparisonContent) -> list[str]:
    """The findings that explain the difference: new ones of a slower call, gone ones of a faster call."""
    slower = content.total.difference_ns > 0
    if content.total.verdict not in ("slower", "faster", "indication"):
        return []
    for change, word in (("new", "new"), ("costs_more", "costs more")) if slower else (("gone", "gone"),):
        rules = [one.rule for one in content.findings if one.change == change]
        if rules:
            return [f"; {word}: {', '.join(rules[:2])}"]
    return []


def total_words(content: ComparisonContent) -> str:
    """The difference of the call, with its ratio and interval."""
    entry, total = content.after.workload.facts.entry_point, content.total
    figures = f"({multiple(total.ratio, total.ratio_ci99, ', 99% CI ')})"
    if total.verdict == "no_difference":
        return f"{entry}: no difference of more than {_most(total.ratio_ci99)} {figures}"
    if total.verdict == "cannot_tell":
        return f"{entry}: the difference is not known, {signed(total.difference_ns)} {figures}"
    sure = "an indication only: " if total.verdict == "indication" else ""
    return f"{sure}{entry} {signed(total.difference_ns)} {figures}"


def named_phases(content: ComparisonContent) -> list[PhaseDifference]:
    """The phases that explain the difference: those that surely differ, in its direction."""
    if content.total.verdict in ("no_difference", "cannot_tell"):
        return [one for one in content.phases if one.verdict in ("slower", "faster")][:_MOST_PHASES]
    whole = content.total.difference_ns
    return [
        one
        for one in content.phases
        if one.verdict in ("slower", "faster", "indication")
        and one.difference_ns * whole > 0
        and abs(one.difference_ns) >= _LEAST_PART * abs(whole)
    ][:_MOST_PHASES]


def named_internals(content: ComparisonContent, phases: list[PhaseDifference]) -> list[InternalDifference]:
    """The internals whose number of calls changed in these phases, by the largest difference of time.

    If no phase surely explains a difference, those that have much of it: what is counted is exact.
    """
    wanted = {one.phase: one.difference_ns for one in phases}
    if not phases and content.total.verdict in ("slower", "faster"):
        wanted = dict.fromkeys((one.phase for one in content.internals), content.total.difference_ns)
    found = [
        one
        for one in content.internals
        if one.phase in wanted
        and one.difference_ns * wanted[one.phase] > 0
        and abs(one.difference_ns) >= _LEAST_OF_PHASE * abs(wanted[one.phase])
    ]
    return found[:_MOST_INTERNALS]


def internal_words(one: InternalDifference) -> str:
    """An internal and how often a call enters it: before and after."""
    return f"{one.qualname} {number(one.before_count)} → {number(one.after_count)} a call"


def signed(ns: int) -> str:
    """A difference in ms with its sign.

    >>> signed(7_900_000), signed(-1_200_000), signed(0)
    ('+7.90 ms', '-1.20 ms', '0 ms')
    """
    sign = "+" if ns > 0 else "-" if ns < 0 else ""
    return f"{sign}{milliseconds(abs(ns))} ms"


def _most(interval: tuple[float, float] | None) -> str:
    assert interval is not None
    return percent(max(interval[1] - 1, 1 - interval[0]))

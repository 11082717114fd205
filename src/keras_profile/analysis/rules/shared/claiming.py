"""A rule's claim of time: whether it is large enough for a finding, and its evidence lines."""

from __future__ import annotations

from collections.abc import Mapping

from ....number_words import milliseconds, percent
from ..evidence_view import View
from ..rule import Addition, Found, NotFound
from .thresholds import LEAST_SHARE

#: Phases with a smaller share of the call get no line.
_LEAST_LINE = 0.01


def claim(
    evidence: View,
    claims: Mapping[str, float],
    what: str,
    *,
    title: str,
    lines: list[str],
    least: float = LEAST_SHARE,
    sure: str = "",
    where: str = "",
    recipes: tuple[str, ...] | None = None,
    addition: Addition | None = None,
    advice: str = "",
) -> Found | NotFound:
    """Found if ``claims``, ns by phase, take at least the share ``least`` of the call together.

    Otherwise ``what`` begins the sentence that says so, such as "callbacks are".
    """
    share = evidence.of_call(sum(claims.values()))
    if share < least:
        return NotFound(f"{what} {percent(share)} of the call")
    return Found(title, claims, lines, sure, where, recipes, addition, advice=advice)


def time_line(evidence: View, name: str, ns: float) -> str:
    """The time and share of the call that ``name`` takes, one phase or several."""
    return f"{name}: {milliseconds(ns)} ms, {percent(evidence.of_call(ns))} of the call"


def phase_lines(evidence: View, claims: Mapping[str, float], most: int | None = None) -> list[str]:
    """A line for each phase worth one, most expensive first; at most ``most``."""
    largest = sorted(claims.items(), key=lambda item: -item[1])[:most]
    return [time_line(evidence, phase, ns) for phase, ns in largest if evidence.of_call(ns) > _LEAST_LINE]

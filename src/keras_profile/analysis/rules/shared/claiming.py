"""A rule's claim of time: whether it is large enough to be found, and how its lines read."""

from __future__ import annotations

from collections.abc import Mapping

from ....number_words import milliseconds, percent
from ..evidence_view import View
from ..rule import Addition, Found, NotFound
from .thresholds import LEAST_SHARE

#: Phases with less of the call than this get no line.
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
) -> Found | NotFound:
    """Found where ``claims``, ns by phase, have at least the share ``least`` of the call together.

    Where they have less, ``what`` begins the sentence that says so: "callbacks are", say.
    """
    share = evidence.of_call(sum(claims.values()))
    if share < least:
        return NotFound(f"{what} {percent(share)} of the call")
    return Found(title, claims, lines, sure, where, recipes, addition)


def time_line(evidence: View, name: str, ns: float) -> str:
    """What a phase, or several by another ``name``, take of the call."""
    return f"{name}: {milliseconds(ns)} ms, {percent(evidence.of_call(ns))} of the call"


def phase_lines(evidence: View, claims: Mapping[str, float], most: int | None = None) -> list[str]:
    """A line for each phase that is worth one, most expensive first; ``most`` at most."""
    largest = sorted(claims.items(), key=lambda item: -item[1])[:most]
    return [time_line(evidence, phase, ns) for phase, ns in largest if evidence.of_call(ns) > _LEAST_LINE]

"""Selects which phases of several releases are shown by name, and sums up the others."""

from __future__ import annotations

from collections.abc import Sequence

from ....analysis.attribution.vocabulary import PHASES, RUNS_THE_MODEL
from .history import CallCost, Division, History, PhaseMeaning, Release

OTHER = "other"

#: A phase below this share of the call in every release would be only a thin line.
LEAST_SHARE = 0.02


def measured(content: History) -> list[tuple[Release, CallCost]]:
    """Returns the releases that were measured, oldest first."""
    return [(release, release.call) for release in content.releases if release.call is not None]


def divided(content: History) -> list[tuple[Release, Division]]:
    """Returns the releases whose calls are divided into phases, oldest first."""
    return [(release, call.division) for release, call in measured(content) if call.division is not None]


def occurring_phases(releases: Sequence[Release]) -> list[PhaseMeaning]:
    """Returns the phases that occur in these releases, in the order of a call."""
    found = {
        phase.phase
        for release in releases
        if release.call and release.call.division
        for phase in release.call.division.phases
    }
    return [
        PhaseMeaning(phase, meaning, phase in RUNS_THE_MODEL)
        for phase, meaning in PHASES.items()
        if phase in found
    ]


def shown_phases(content: History, most: int) -> list[str]:
    """Returns at most ``most`` phases, those that take the most in some release, in a call's order.

    The phases in which the model runs are not among them.
    """
    fixed = {one.phase for one in content.phases if not one.runs_the_model}
    most_expensive: dict[str, int] = {}
    for _, division in divided(content):
        for phase in division.phases:
            if phase.phase in fixed and phase.share >= LEAST_SHARE:
                most_expensive[phase.phase] = max(phase.self_ns, most_expensive.get(phase.phase, 0))
    chosen = sorted(most_expensive, key=lambda phase: -most_expensive[phase])[:most]
    return [one.phase for one in content.phases if one.phase in chosen]


def model_phases(content: History) -> list[str]:
    """Returns the phases in which the model runs, in the order of a call."""
    return [one.phase for one in content.phases if one.runs_the_model]


def folded(division: Division, shown: Sequence[str]) -> list[int]:
    """Returns the time of each phase of ``shown``, then of all others; they sum to the call's time."""
    by_phase = {phase.phase: phase.self_ns for phase in division.phases}
    named = [by_phase.get(phase, 0) for phase in shown]
    return [*named, sum(by_phase.values()) - sum(named)]

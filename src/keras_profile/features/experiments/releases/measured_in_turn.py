"""One call over several releases or commits: each measured in turn with the one before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ....analysis.attribution.vocabulary import RUNS_THE_MODEL
from ....errors import KerasProfileError
from ....model.report import PhaseShare, ReportContent
from ...comparing.comparing import Comparison
from ...comparing.stepping import Compared, Neighbours, compare_neighbours
from .history import HISTORY_SCHEMA, CallCost, Division, History, Release, Step
from .shown_phases import occurring_phases

#: The minimum number of seconds for each release, and for each two that are measured in turn.
LEAST_SECONDS = 10.0
#: Measures two states, by their names, in turn, for so many seconds.
MeasureInTurn = Callable[[str, str, float], Comparison]


def measure_states(
    states: Sequence[str], seconds: float, recordings: str, in_turn: MeasureInTurn, *, are_commits: bool
) -> History:
    """Measures each state in turn with the one before it; ``recordings`` is the name of their folder.

    The states share ``seconds``, and each two get at least :data:`LEAST_SECONDS`. A state that fails affects
    only its own row. After an interrupt the rest is left out. Raises :class:`KerasProfileError` if no two
    were measured.
    """
    compared = _compared(states, seconds, in_turn)
    releases: dict[int, Release] = {}

    def row(state: int, reason: str = "", side: tuple[Comparison, int] | None = None) -> Release:
        release = Release(states[state], reason) if side is None else _release_of(states[state], *side)
        return replace(release, commit=states[state] if are_commits else "")

    for pair in compared.neighbours:
        for state, side in ((pair.before, 0), (pair.after, 1)):
            if state not in releases:
                releases[state] = row(state, side=(pair.first, side))
    for state, error in compared.failures.items():
        releases[state] = row(state, error.reason)
    for state in range(len(states)):
        if state not in releases:
            releases[state] = row(state, "interrupted before")
    ordered = [releases[state] for state in range(len(states))]
    ordered.sort(key=lambda release: release.call is None)
    first = compared.neighbours[0].first.content
    return History(
        schema=HISTORY_SCHEMA,
        recordings=recordings,
        seconds=seconds,
        workload=first.before.workload,
        releases=ordered,
        phases=occurring_phases(ordered),
        notes=["interrupted: not all states were measured"] if compared.interrupted else [],
        steps=[_step(pair, states) for pair in compared.neighbours],
    )


def steps_of(states: Sequence[str], seconds: float, in_turn: MeasureInTurn) -> tuple[list[Step], list[str]]:
    """Each state against the one before it, and notes about those that could not be compared."""
    if len(states) < 2:
        return [], []
    try:
        compared = _compared(states, seconds, in_turn)
    except KerasProfileError as error:
        return [], [f"no two releases could be measured in turn: {error.message}"]
    except KeyboardInterrupt:
        return [], ["interrupted before two releases were measured in turn"]
    notes = [f"not measured in turn: {error.message}" for error in compared.failures.values()]
    if compared.interrupted:
        notes.append("interrupted: not all releases were measured in turn")
    return [_step(pair, states) for pair in compared.neighbours], notes


def _compared(states: Sequence[str], seconds: float, in_turn: MeasureInTurn) -> Compared:
    share = max(seconds / max(len(states) - 1, 1), LEAST_SECONDS)
    return compare_neighbours(states, lambda before, after: in_turn(states[before], states[after], share))


def _step(pair: Neighbours, states: Sequence[str]) -> Step:
    content = pair.last.content
    return Step(
        before=content.before.label,
        after=content.after.label,
        verdict=pair.verdict,
        ratio=content.total.ratio,
        ratio_ci99=content.total.ratio_ci99,
        difference_ns=content.total.difference_ns,
        phases=pair.phases,
        words=pair.words,
        comparison=pair.last.folder.name,
    )


def _release_of(state: str, comparison: Comparison, side: int) -> Release:
    """The row of a state, by the calls and the report of its side of a comparison."""
    assert comparison.reports is not None
    report, content = comparison.reports[side], comparison.content
    measured = (content.before, content.after)[side]
    traced = next(one for one in content.counts if one.count == "graphs_per_call")
    division = division_of(
        report.attribution.phases,
        report.attribution.model_share,
        (traced.before, traced.after)[side] or 0.0,
    )
    return Release(state, "", report.environment, call_cost(measured.recordings[0], report, division))


def call_cost(recording: str, report: ReportContent, division: Division | None) -> CallCost:
    """What a warm call costs, by its report."""
    warm = report.calls.warm
    return CallCost(recording, warm.count, warm.median_ns, warm.median_ci95_ns, division)


def division_of(phases: list[PhaseShare], model_share: float, graphs_traced: float) -> Division:
    """What a call is made of, by its phases."""
    return Division(
        fixed_ns=sum(phase.self_ns for phase in phases if phase.phase not in RUNS_THE_MODEL),
        model_share=model_share,
        graphs_traced=graphs_traced,
        phases=phases,
    )

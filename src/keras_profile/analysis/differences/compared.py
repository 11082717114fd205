"""Compares two sides: reports, their recordings, and what was measured of them in turn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...model.comparison import (
    COMPARISON_SCHEMA,
    ComparedOutputs,
    ComparedSide,
    ComparisonContent,
    DifferenceVerdict,
    MemoryDifference,
    TotalDifference,
)
from ..attribution.attribute import nothing_attributed
from ..intervals import LEAST_FOR_INTERVAL, ratio_interval
from .comparable import refuse_incomparable, warnings_of
from .compared_tree import compared_tree
from .counts import Compared, count_differences, internal_differences
from .findings import finding_differences, recipe_differences
from .headline import headline
from .phases import phase_differences, phase_moves
from .ratios import Floats, Ratio, ratio_of
from .turns import InTurn, Quad

#: A difference of the call that is smaller is not claimed, however sure it seems.
LEAST_EFFECT = 1.01
#: If the whole interval is within this factor of 1, there is no difference worth mentioning.
CLOSE = 1.05
#: From this multiple of what is expected, the spread of the pairs of processes is mentioned.
_SPREAD = 2.0


def compare(
    before: Compared,
    after: Compared,
    labels: tuple[str, str],
    in_turn: InTurn | None = None,
    outputs: ComparedOutputs | None = None,
) -> ComparisonContent:
    """The comparison of two sides.

    ``in_turn`` is what was measured of both in one job; without it the result is an indication only.
    ``outputs`` says whether they were the same. Raises :class:`KerasProfileError` if the two did not make the
    same kind of call.
    """
    refuse_incomparable(before.report, after.report)
    ratio = None if in_turn is None else ratio_of(in_turn.log_ratios())
    total = _total(before, after, in_turn, ratio)
    notes = warnings_of(before.report, after.report, in_turn is not None)
    divided = [one.report.attribution for one in (before, after)]
    if bool(divided[0].internals) != bool(divided[1].internals):
        divided = [nothing_attributed(one.total_ns, asked=False) for one in divided]
        notes.append("one side has no calls under spans: the difference is not divided into phases")
    moves = None
    if in_turn is not None:
        quads = phase_quads(before, after, in_turn)
        moves = phase_moves(quads, total.before_ns, total.ratio, len(in_turn.pairs))
    phases = phase_differences(
        divided[0].phases,
        divided[1].phases,
        total.before_ns,
        total.after_ns,
        moves,
        0.0 if ratio is None else ratio.error,
        in_turn is not None,
    )
    if ratio is not None and ratio.spread > _SPREAD:
        notes.append(
            f"the {ratio.pairs} pairs of processes differ more than usual, so the interval is wider: the "
            "machine is busy, or the program differs from run to run"
        )
    made = ComparisonContent(
        schema=COMPARISON_SCHEMA,
        basis="stored" if in_turn is None else "in_turn",
        headline="",
        before=_side(before, labels[0]),
        after=_side(after, labels[1]),
        total=total,
        phases=phases,
        internals=internal_differences(before, after),
        counts=count_differences(before, after),
        findings=finding_differences(before.report, after.report, phases, total.before_ns),
        recipes=recipe_differences(before.report, after.report),
        outputs=outputs or ComparedOutputs("not_compared", "the recordings have no outputs"),
        memory=MemoryDifference(_growth(before), _growth(after)),
        seconds=0.0 if in_turn is None else round(in_turn.seconds, 1),
        tree=compared_tree(before, after, total.before_ns, total.after_ns),
        notes=notes,
    )
    return replace(made, headline=headline(made))


def verdict_of(ratio: float, interval: tuple[float, float] | None) -> DifferenceVerdict:
    """What is known about a ratio that was measured in turn.

    >>> verdict_of(1.2, (1.1, 1.3)), verdict_of(1.0, (0.98, 1.02)), verdict_of(1.05, (0.9, 1.2))
    ('slower', 'no_difference', 'cannot_tell')
    """
    if interval is None:
        return "cannot_tell"
    low, high = interval
    if low > 1 and ratio >= LEAST_EFFECT:
        return "slower"
    if high < 1 and ratio <= 1 / LEAST_EFFECT:
        return "faster"
    return "no_difference" if low >= 1 / CLOSE and high <= CLOSE else "cannot_tell"


def _total(before: Compared, after: Compared, in_turn: InTurn | None, ratio: Ratio | None) -> TotalDifference:
    before_ns = before.report.calls.warm.median_ns
    if in_turn is None:
        return _stored_total(before, after)
    after_ns = after.report.calls.warm.median_ns if ratio is None else round(before_ns * ratio.value)
    cpu = ratio_of(in_turn.cpu_log_ratios())
    interval = None if ratio is None else _rounded(ratio.interval())
    value = after_ns / before_ns if ratio is None else ratio.value
    return TotalDifference(
        before_ns=before_ns,
        after_ns=after_ns,
        difference_ns=after_ns - before_ns,
        ratio=round(value, 4),
        ratio_ci99=interval,
        cpu_ratio=None if cpu is None else round(cpu.value, 4),
        cpu_ratio_ci99=None if cpu is None else _rounded(cpu.interval()),
        verdict=verdict_of(value, interval),
    )


def _stored_total(before: Compared, after: Compared) -> TotalDifference:
    """The difference of recordings of different times: with an interval of chance within each alone."""
    first, second = before.report.calls.warm, after.report.calls.warm
    walls = [_walls(side) for side in (before, after)]
    interval = None
    if all(len(one) >= LEAST_FOR_INTERVAL for one in walls):
        interval = _rounded(ratio_interval(walls[1], walls[0], 0.99))
    cpu = second.cpu_median_ns / first.cpu_median_ns if first.cpu_median_ns else None
    return TotalDifference(
        before_ns=first.median_ns,
        after_ns=second.median_ns,
        difference_ns=second.median_ns - first.median_ns,
        ratio=round(second.median_ns / max(first.median_ns, 1), 4),
        ratio_ci99=interval,
        cpu_ratio=None if cpu is None else round(cpu, 4),
        cpu_ratio_ci99=None,
        verdict="indication",
    )


def _walls(side: Compared) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    walls = [] if side.opened is None else side.opened.content.calls.wall("bare")
    return np.array(walls, dtype=np.int64)


def phase_quads(before: Compared, after: Compared, in_turn: InTurn) -> list[tuple[Floats, Floats]]:
    """For each quad under spans, the mean time of each phase in the calls of both sides."""
    if before.spans is None or after.spans is None:
        return []
    rows = [one.parts.self_ns.astype(np.float64) for one in (before.spans, after.spans)]
    quads = [quad for pair in in_turn.pairs for quad in pair.under("spans")]
    counts = [[_calls_of(quad, side) for quad in quads] for side in (0, 1)]
    if not quads or any(sum(mine) > len(calls) for mine, calls in zip(counts, rows)):
        return []  # spans were lost, and it is not known of which quads
    # After Ctrl-C the last calls are those of a quad that was not finished.
    first, second = (
        [part.mean(axis=0) for part in np.split(calls[: sum(mine)], np.cumsum(mine)[:-1])]
        for mine, calls in zip(counts, rows)
    )
    return list(zip(first, second))


def _calls_of(quad: Quad, side: int) -> int:
    return sum(len(block.walls) for block in quad.blocks if block.side == side)


def _growth(side: Compared) -> float | None:
    return side.report.calls.warm.rss_growth_bytes_per_call


def _side(side: Compared, label: str) -> ComparedSide:
    report = side.report
    return ComparedSide(
        label=label,
        environment=report.environment,
        workload=report.workload,
        recordings=[report.recording],
        calls=report.calls.warm.count,
        median_ns=report.calls.warm.median_ns,
        cpu_median_ns=report.calls.warm.cpu_median_ns,
    )


def _rounded(interval: tuple[float, float]) -> tuple[float, float]:
    return round(interval[0], 4), round(interval[1], 4)

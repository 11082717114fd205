"""Is a change faster? Compares each trial with the original call.

Compares rounds, not calls: the calls of one round are alike, since the machine was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import get_args

import numpy as np
import numpy.typing as npt

from ...model.report import Comparison, ComparisonVerdict, Outputs
from ...model.trials import Trial, TrialOutputs, Trials
from ...number_words import milliseconds
from ..intervals import paired_ratio_interval, student_interval
from .payoff import pays_off_after
from .recommending import recommended

#: A smaller effect is not called a difference, however sure: it may not repeat on another day.
LEAST_EFFECT = 1.03
#: A difference is claimed if the interval of this level excludes 1; this interval is also shown. With 95%, 5
#: of 100 comparisons of a call with itself would claim a difference, and many changes are compared.
LEVEL = 0.99
#: If the interval lies within this factor of 1, there is no difference worth mentioning; if it is wider,
#: there may be one.
CLOSE = 1.1
#: If the ends of the interval differ by more than this factor, the effect of a change is not known.
WIDE = 1.5
#: Verdicts, in the order of a table; within each, the largest gain comes first.
ORDER: tuple[ComparisonVerdict, ...] = get_args(ComparisonVerdict)


def compare_trials(trials: Trials, calls: int | None = None) -> list[Comparison]:
    """The comparisons: the recommended one first, then the largest gains.

    ``calls`` is the number of calls of a program, None if it is not known.
    """
    now_ns = _typical(trials.original)
    comparisons = [
        _compare(trial, _original(trials, trial), now_ns, trials.random_outputs) for trial in trials.trials
    ]
    first = recommended(comparisons, calls)
    return sorted(
        comparisons,
        key=lambda one: (ORDER.index(one.verdict), one is not first, one.approximate, -(one.speedup or 0.0)),
    )


def best_of(comparisons: Sequence[Comparison]) -> Comparison | None:
    """The recommended change of a report: the first that is surely faster with the same outputs."""
    return next((one for one in comparisons if one.verdict == "faster" and not one.approximate), None)


def fastest_of(comparisons: Sequence[Comparison]) -> Comparison | None:
    """The change that gains most, however simple, of those that are surely faster."""
    faster = [one for one in comparisons if one.verdict == "faster" and not one.approximate]
    return max(faster, key=lambda one: one.speedup or 0.0, default=None)


def is_surely_as_fast(one: Comparison) -> bool:
    """Whether the whole interval is so close to 1 that no difference is worth mentioning."""
    if one.speedup_ci99 is None:
        return False
    low, high = one.speedup_ci99
    return low >= 1 / CLOSE and high <= CLOSE


def is_open(one: Comparison) -> bool:
    """Whether the change may gain or lose much: its measured effect is large, or its interval wide."""
    if one.speedup is None or one.speedup_ci99 is None:
        return True
    low, high = one.speedup_ci99
    return not 1 / CLOSE <= one.speedup <= CLOSE or high / max(low, 1e-9) > WIDE


def trial_notes(trials: Trials, alone_ns: int | None = None) -> list[str]:
    """Notes for readers of the comparisons; ``alone_ns`` is the time of a warm call before the trials."""
    notes = []
    now_ns = _typical(trials.original)
    if alone_ns and now_ns and not 1 / CLOSE <= now_ns / alone_ns <= CLOSE:
        notes.append(
            f"a call took {milliseconds(alone_ns)} ms before changes were tried and {milliseconds(now_ns)} "
            "ms meanwhile; each gain compares calls made at the same time"
        )
    if trials.interrupted:
        notes.append("interrupted while changes were tried; results cover the trials made until then")
    if trials.random_outputs:
        notes.append("the model's outputs are random, so the outputs of changes cannot be compared")
    if trials.scaling_reason:
        notes.append(trials.scaling_reason)
    return notes


def _original(trials: Trials, trial: Trial) -> Trial:
    """The original call to compare a trial with: one in such a process, if there is one."""
    if trial.where == "own_process" and trials.original_elsewhere is not None:
        return trials.original_elsewhere
    return trials.original


def _compare(trial: Trial, original: Trial, now_ns: int, random_outputs: bool) -> Comparison:
    before, after = _paired(original, trial)
    measured = len(after) > 0
    verdict, reason = _verdict(trial, before, after, random_outputs)
    speedup = float(median(before) / median(after)) if measured else None
    now_ns = now_ns or _typical(original)
    made = Comparison(
        recipe=trial.recipe or "",
        title=trial.title,
        code=trial.code,
        verdict=verdict,
        before_ns=now_ns,
        after_ns=None if speedup is None else round(now_ns / speedup),
        speedup=speedup,
        speedup_ci99=_interval(before, after),
        outputs=_outputs(trial.outputs),
        reason=reason,
        where=trial.where,
        approximate=trial.approximate,
        calls=trial.calls,
        rounds=len(after),
        warmup_ns=trial.warmup_ns,
        peak_bytes=trial.peak_bytes,
        condition=trial.condition,
    )
    return replace(made, pays_off_after=pays_off_after(made))


def _verdict(
    trial: Trial,
    before: npt.NDArray[np.float64],
    after: npt.NDArray[np.float64],
    random_outputs: bool,
) -> tuple[ComparisonVerdict, str]:
    """The verdict and its reason. Claims no speed-up if nothing is known about the outputs."""
    if trial.status != "tried":
        return trial.status, trial.reason
    if not len(after):
        return "not_tried", trial.reason
    if random_outputs and trial.other_rows:
        return _by_speed(before, after), "not compared: the original call uses different rows each time"
    if random_outputs:
        return "cannot_tell", "the model's outputs are random: two calls of the original differ"
    if trial.outputs is None and not trial.approximate:
        return "cannot_tell", trial.reason or "its outputs were not compared"
    return _by_speed(before, after), trial.reason


def _outputs(compared: TrialOutputs | None) -> Outputs | None:
    """How close the outputs were, in the form of a report."""
    if compared is None:
        return None
    return Outputs(
        equal=compared.equal,
        max_abs_error=compared.max_abs_error,
        tolerance=compared.tolerance,
        inputs=compared.inputs,
        rows=compared.rows,
    )


def _by_speed(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> ComparisonVerdict:
    """``faster`` or ``slower`` if the interval says so and the effect is large enough."""
    interval = _interval(before, after)
    if interval is None:
        return "no_difference"
    ratio, (low, high) = median(before) / median(after), interval
    if ratio >= LEAST_EFFECT and low > 1:
        return "faster"
    if ratio <= 1 / LEAST_EFFECT and high < 1:
        return "slower"
    return "no_difference"


def _interval(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> tuple[float, float] | None:
    """The interval of the ratio of the medians; None for one round, which bounds nothing.

    The bootstrap's is too narrow for few rounds, and Student's if rounds are not alike, so it covers both.
    """
    if len(after) < 2:
        return None
    lows, highs = zip(
        paired_ratio_interval(before, after, LEVEL), student_interval(before, after), strict=True
    )
    return min(lows), max(highs)


def _paired(original: Trial, trial: Trial) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The medians of the rounds that both have, in ns per original call."""
    originals = {each.round: each.wall_ns for each in original.rounds}
    pairs = [
        (median(originals[each.round]), median(each.wall_ns) / trial.calls)
        for each in trial.rounds
        if each.round in originals
    ]
    array = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def _typical(original: Trial) -> int:
    rounds = [median(each.wall_ns) for each in original.rounds]
    return int(median(rounds)) if rounds else 0

"""Is a change faster? The comparison of each trial with the original call.

Rounds are compared, not calls: the calls of one round are alike, since the machine was.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np
import numpy.typing as npt

from ...model.report import Comparison, Outputs
from ...model.trials import Trial, Trials
from ..intervals import paired_ratio_interval, student_interval

#: Smaller effects are not called a difference, however sure: they do not repeat on another day.
LEAST_EFFECT = 1.03
#: A difference is claimed where this interval excludes 1. 5 of 100 comparisons of a call with
#: itself would be outside the 95% one that is shown.
CLAIMED = 0.99
SHOWN = 0.95
#: Where the interval lies within this factor of 1 there is no difference worth speaking of;
#: where it is wider, there may be one.
CLOSE = 1.1
#: Verdicts, in the order of a table; within one, what gains most comes first.
ORDER = (
    "faster",
    "no_difference",
    "slower",
    "cannot_tell",
    "outputs_differ",
    "failed",
    "not_tried",
    "not_applicable",
)


def compare_trials(trials: Trials) -> list[Comparison]:
    """The comparisons, what gains most first."""
    made = [
        _compare(
            trial,
            trials.original
            if trial.where != "own_process" or not trials.original_elsewhere
            else trials.original_elsewhere,
            trials.random_outputs,
        )
        for trial in trials.trials
    ]
    return sorted(made, key=lambda one: (ORDER.index(one.verdict), -(one.speedup or 0.0)))


def best_of(comparisons: Sequence[Comparison]) -> Comparison | None:
    """The change that gains most, of those that are surely faster with the same outputs."""
    return next((one for one in comparisons if one.verdict == "faster" and not one.approximate), None)


def is_surely_as_fast(one: Comparison) -> bool:
    """Whether the whole interval lies so near to 1 that no difference is worth speaking of."""
    if one.speedup_ci95 is None:
        return False
    low, high = one.speedup_ci95
    return low >= 1 / CLOSE and high <= CLOSE


def trial_notes(trials: Trials) -> list[str]:
    """What a reader of the comparisons must know."""
    notes = []
    if trials.interrupted:
        notes.append("interrupted while recipes were tried: they are shown as far as they were")
    if trials.random_outputs:
        notes.append("the model's outputs are random, so that no change's outputs can be compared")
    if trials.scaling_reason:
        notes.append(trials.scaling_reason)
    return notes


def _compare(trial: Trial, original: Trial, random_outputs: bool) -> Comparison:
    before, after = _paired(original, trial)
    measured = len(after) > 0
    verdict, reason = trial.status, trial.reason
    if verdict == "tried":
        verdict, reason = _verdict(before, after) if measured else "not_tried", reason
    speed_claimed = verdict in ("faster", "slower", "no_difference")
    if speed_claimed and random_outputs:
        verdict = "cannot_tell"
        reason = "the model's outputs are random: two calls of the original differ"
    elif speed_claimed and trial.outputs is None and not trial.approximate:
        verdict, reason = "cannot_tell", "its outputs were not compared"
    outputs = (
        None
        if trial.outputs is None
        else Outputs(
            equal=trial.outputs.equal,
            max_abs_error=trial.outputs.max_abs_error,
            tolerance=trial.outputs.tolerance,
            inputs=trial.outputs.inputs,
            rows=trial.outputs.rows,
        )
    )
    return Comparison(
        recipe=trial.recipe or "",
        title=trial.title,
        code=trial.code,
        verdict=verdict,
        before_ns=int(median(before)) if measured else _typical(original),
        after_ns=int(median(after)) if measured else None,
        speedup=float(median(before) / median(after)) if measured else None,
        speedup_ci95=paired_ratio_interval(before, after, SHOWN) if measured else None,
        outputs=outputs,
        reason=reason,
        where=trial.where,
        approximate=trial.approximate,
        calls=trial.calls,
        rounds=len(after),
        warmup_ns=trial.warmup_ns,
        peak_bytes=trial.peak_bytes,
    )


def _verdict(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> str:
    """``faster`` or ``slower`` where two intervals say so and the effect is large enough.

    The bootstrap's interval is too narrow for few rounds, Student's too trusting where
    rounds are not alike: a claim wants both.
    """
    ratio = median(before) / median(after)
    intervals = (paired_ratio_interval(before, after, CLAIMED), student_interval(before, after))
    if ratio >= LEAST_EFFECT and all(low > 1 for low, _ in intervals):
        return "faster"
    if ratio <= 1 / LEAST_EFFECT and all(high < 1 for _, high in intervals):
        return "slower"
    return "no_difference"


def _paired(original: Trial, trial: Trial) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The medians of the rounds that both have, in ns for the work of one original call."""
    theirs = {one.round: one.wall_ns for one in original.rounds}
    pairs = [
        (median(theirs[one.round]), median(one.wall_ns) / trial.calls)
        for one in trial.rounds
        if one.round in theirs
    ]
    array = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def _typical(original: Trial) -> int:
    rounds = [median(one.wall_ns) for one in original.rounds]
    return int(median(rounds)) if rounds else 0

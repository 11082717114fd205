"""Is a change faster? The comparison of each trial with the original call.

Rounds are compared, not calls: the calls of one round are alike, since the machine was.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import get_args

import numpy as np
import numpy.typing as npt

from ...model.report import Comparison, ComparisonVerdict, Outputs
from ...model.trials import Trial, TrialOutputs, Trials
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
ORDER: tuple[ComparisonVerdict, ...] = get_args(ComparisonVerdict)


def compare_trials(trials: Trials) -> list[Comparison]:
    """The comparisons, what gains most first."""
    comparisons = [
        _compare(trial, _original(trials, trial), trials.random_outputs) for trial in trials.trials
    ]
    return sorted(
        comparisons, key=lambda comparison: (ORDER.index(comparison.verdict), -(comparison.speedup or 0.0))
    )


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


def _original(trials: Trials, trial: Trial) -> Trial:
    """The original call that a trial is compared with: one in such a process, where there is one."""
    if trial.where == "own_process" and trials.original_elsewhere is not None:
        return trials.original_elsewhere
    return trials.original


def _compare(trial: Trial, original: Trial, random_outputs: bool) -> Comparison:
    before, after = _paired(original, trial)
    measured = len(after) > 0
    verdict, reason = _verdict(trial, before, after, random_outputs)
    return Comparison(
        recipe=trial.recipe or "",
        title=trial.title,
        code=trial.code,
        verdict=verdict,
        before_ns=int(median(before)) if measured else _typical(original),
        after_ns=int(median(after)) if measured else None,
        speedup=float(median(before) / median(after)) if measured else None,
        speedup_ci95=paired_ratio_interval(before, after, SHOWN) if measured else None,
        outputs=_outputs(trial.outputs),
        reason=reason,
        where=trial.where,
        approximate=trial.approximate,
        calls=trial.calls,
        rounds=len(after),
        warmup_ns=trial.warmup_ns,
        peak_bytes=trial.peak_bytes,
    )


def _verdict(
    trial: Trial,
    before: npt.NDArray[np.float64],
    after: npt.NDArray[np.float64],
    random_outputs: bool,
) -> tuple[ComparisonVerdict, str]:
    """The verdict and its reason. No speed is claimed of outputs that nothing is known of."""
    if trial.status != "tried":
        return trial.status, trial.reason
    if not len(after):
        return "not_tried", trial.reason
    if random_outputs and trial.other_rows:
        return _by_speed(before, after), "not compared: the original call takes other rows each time"
    if random_outputs:
        return "cannot_tell", "the model's outputs are random: two calls of the original differ"
    if trial.outputs is None and not trial.approximate:
        return "cannot_tell", "its outputs were not compared"
    return _by_speed(before, after), trial.reason


def _outputs(compared: TrialOutputs | None) -> Outputs | None:
    """How near the outputs were, as a report has it."""
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

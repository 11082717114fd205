"""Is a change faster? The comparison of each trial with the original call.

Rounds are compared, not calls: the calls of one round are alike, since the machine was.
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

#: Smaller effects are not called a difference, however sure: they do not repeat on another day.
LEAST_EFFECT = 1.03
#: A difference is claimed where the interval of this level excludes 1, and that is the one that is shown.
#: Of a call compared with itself 5 of 100 would be outside a 95% one, and many changes are compared.
LEVEL = 0.99
#: Where the interval lies within this factor of 1 there is no difference worth speaking of;
#: where it is wider, there may be one.
CLOSE = 1.1
#: Where the ends of the interval are further apart than by this factor, it is not known what a change does.
WIDE = 1.5
#: Verdicts, in the order of a table; within one, what gains most comes first.
ORDER: tuple[ComparisonVerdict, ...] = get_args(ComparisonVerdict)


def compare_trials(trials: Trials, calls: int | None = None) -> list[Comparison]:
    """The comparisons: the recommended one first, then what gains most.

    ``calls`` is how many a program made, None where that is not known.
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
    """Whether the whole interval lies so near to 1 that no difference is worth speaking of."""
    if one.speedup_ci99 is None:
        return False
    low, high = one.speedup_ci99
    return low >= 1 / CLOSE and high <= CLOSE


def is_open(one: Comparison) -> bool:
    """Whether so little is sure that the change may gain or lose much: its measured effect is large."""
    if one.speedup is None or one.speedup_ci99 is None:
        return True
    low, high = one.speedup_ci99
    return not 1 / CLOSE <= one.speedup <= CLOSE or high / max(low, 1e-9) > WIDE


def trial_notes(trials: Trials, alone_ns: int | None = None) -> list[str]:
    """What a reader of the comparisons must know; ``alone_ns`` is a warm call before they were made."""
    notes = []
    now_ns = _typical(trials.original)
    if alone_ns and now_ns and not 1 / CLOSE <= now_ns / alone_ns <= CLOSE:
        notes.append(
            f"a call took {milliseconds(alone_ns)} ms before recipes were tried and {milliseconds(now_ns)} "
            "ms during the trials; each change is compared with the calls around it"
        )
    if trials.interrupted:
        notes.append("interrupted while recipes were tried; results cover the trials made until then")
    if trials.random_outputs:
        notes.append("the model's outputs are random, so the outputs of changes cannot be compared")
    if trials.scaling_reason:
        notes.append(trials.scaling_reason)
    return notes


def _original(trials: Trials, trial: Trial) -> Trial:
    """The original call that a trial is compared with: one in such a process, where there is one."""
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
    """The verdict and its reason. No speed is claimed of outputs that nothing is known of."""
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
    """``faster`` or ``slower`` where the interval says so and the effect is large enough."""
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
    """The interval of the ratio of the medians; None of one round, which bounds nothing.

    The bootstrap's is too narrow for few rounds, Student's too trusting where rounds are not alike: it
    reaches as far as either.
    """
    if len(after) < 2:
        return None
    lows, highs = zip(
        paired_ratio_interval(before, after, LEVEL), student_interval(before, after), strict=True
    )
    return min(lows), max(highs)


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

"""The cost of a call, a batch and a row, fitted to calls with different numbers of rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import median

import numpy as np
import numpy.typing as npt

from ...model.report import Comparison, CostModel, CostPoint, Scaling
from ...model.trials import ScalingTrial, Trials
from ...model.workload import Workload
from ...recorder.protocol.frameworks import KERAS_BATCH_SIZE
from ..given_numbers import whole

#: Nobody waits for one call with more rows.
MOST_ROWS = 10_000_000


def batch_size(workload: Workload) -> int:
    """Rows of a batch of the recorded call."""
    return whole(workload.batch_size, KERAS_BATCH_SIZE)


def fit_scaling(trials: Trials, batch_size: int, comparisons: Sequence[Comparison] = ()) -> Scaling | None:
    """The costs of the original call and of the best change, and where they meet.

    ``batch_size`` is the batch size of the original; ``comparisons`` are the results of the trials. None if
    nothing was measured.
    """
    if len(trials.scaling) != 2:
        return None
    original, best = (fit(trial) for trial in trials.scaling)
    cuts = any(point.batches > 1 for point in trials.scaling[0].points)
    return Scaling(
        original=original,
        best=best,
        batch_size=batch_size,
        crossover_rows=crossover(original, best, batch_size if cuts else None),
        faster_rows=_faster_rows(*trials.scaling)
        if any(
            one.verdict == "faster" and (one.recipe, one.title) == (best.recipe, best.title)
            for one in comparisons
        )
        else None,
    )


def _faster_rows(original: ScalingTrial, best: ScalingTrial) -> tuple[int, int] | None:
    """The fewest and the most measured rows between which the change was always faster.

    If points have the same rows, the one with the original's own batches counts: the one with most batches.
    """
    faster: dict[int, tuple[int, bool]] = {}
    for mine, other in zip(original.points, best.points, strict=True):
        if mine.batches >= faster.get(mine.rows, (0, False))[0]:
            faster[mine.rows] = (mine.batches, median(other.wall_ns) < median(mine.wall_ns))
    rows = sorted(faster)
    first = next((number for number, one in enumerate(rows) if faster[one][1]), None)
    if first is None:
        return None
    last = first
    while last + 1 < len(rows) and faster[rows[last + 1]][1]:
        last += 1
    return rows[first], rows[last]


def fit(trial: ScalingTrial) -> CostModel:
    """The costs that explain the medians best, relative to each; none is below zero."""
    medians = np.array([median(point.wall_ns) for point in trial.points], dtype=np.float64)
    rows = np.array([point.rows for point in trial.points], dtype=np.float64)
    batches = np.array([point.batches for point in trial.points], dtype=np.float64)
    columns = [np.ones(len(rows)), batches, rows]
    if batches.max() == 1:  # then one more batch is one more call
        columns[1] = np.zeros(len(rows))
    costs = _least_squares(np.stack(columns, axis=1) / medians[:, None], np.ones(len(rows)))
    fitted = np.stack(columns, axis=1) @ costs
    return CostModel(
        recipe=trial.recipe,
        title=trial.title,
        fixed_ns=round(costs[0]),
        batch_ns=round(costs[1]) if batches.max() > 1 else None,
        row_ns=float(costs[2]),
        largest_deviation=float(np.max(np.abs(fitted / medians - 1))),
        points=[
            CostPoint(rows=point.rows, median_ns=int(value)) for point, value in zip(trial.points, medians)
        ],
    )


def crossover(original: CostModel, best: CostModel, batch_size: int | None) -> int | None:
    """The number of rows from which the original call is as fast as ``best``; None if never.

    ``batch_size`` is None if the original does not cut its rows into batches.

    >>> slow = CostModel("", "", 1000, None, 1.0, 0.0, [])
    >>> fast = CostModel("", "", 0, None, 2.0, 0.0, [])
    >>> crossover(slow, fast, None)
    1000
    """
    if predicted(original, 1, batch_size) <= predicted(best, 1, None):
        return 1
    if predicted(original, MOST_ROWS, batch_size) > predicted(best, MOST_ROWS, None):
        return None
    low, high = 1, MOST_ROWS
    while high - low > 1:
        middle = (low + high) // 2
        if predicted(original, middle, batch_size) <= predicted(best, middle, None):
            high = middle
        else:
            low = middle
    return high


def predicted(costs: CostModel, rows: int, batch_size: int | None) -> float:
    """The time of a call with ``rows`` rows by the fitted costs, in ns."""
    batches = -(-rows // batch_size) if batch_size else 1
    return costs.fixed_ns + batches * (costs.batch_ns or 0) + rows * costs.row_ns


def _least_squares(
    matrix: npt.NDArray[np.float64],
    wanted: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """The closest solution without negative parts: the best of all subsets of columns."""
    best, least = np.zeros(matrix.shape[1]), float(wanted @ wanted)
    used = [column for column in range(matrix.shape[1]) if matrix[:, column].any()]
    for size in range(1, len(used) + 1):
        for subset in combinations(used, size):
            part, *_ = np.linalg.lstsq(matrix[:, subset], wanted, rcond=None)
            residual = float(np.sum((matrix[:, subset] @ part - wanted) ** 2))
            if np.all(part >= 0) and residual < least:
                best, least = np.zeros(matrix.shape[1]), residual
                best[list(subset)] = part
    return best

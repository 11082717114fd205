"""Medians and confidence intervals by bootstrap over whole calls.

Calls are resampled, never what is within a call: samples within a call are correlated.
"""

from __future__ import annotations

from math import expm1, inf, pi, sqrt, tan
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

#: Resamples. The ends of a 95% interval of a median settle well before 2,000.
RESAMPLES = 2000
#: The least calls of an interval of 95%: the median lies between the fastest and the slowest of five with a
#: probability of 94%. Of fewer calls the interval is their range, and is shown without a level.
LEAST_FOR_INTERVAL = 6
#: Reports of one recording must be equal, so the resampling is seeded.
_SEED = 20260101
#: A resample of more calls than this is drawn from that many, evenly spaced: the
#: interval of a thousand calls and of ten thousand differ by nothing that is shown.
_MOST = 1000


def median_interval(values: npt.NDArray[np.int64], level: float = 0.95) -> tuple[int, int]:
    """The confidence interval of the median of ``values``; of one value, that value twice.

    >>> median_interval(np.array([5, 5, 5]))
    (5, 5)
    """
    low, high = _bounds(_resampled_medians(values, np.random.default_rng(_SEED)), level)
    return int(low), int(high)


def mean_interval(values: npt.NDArray[np.int64], level: float = 0.95) -> tuple[float, float]:
    """The confidence interval of the mean of ``values``.

    >>> mean_interval(np.array([5, 5, 5]))
    (5.0, 5.0)
    """
    picks = np.random.default_rng(_SEED).integers(0, len(values), (RESAMPLES, len(values)))
    return _bounds(values[picks].mean(axis=1), level)


def ratio_interval(
    values: npt.NDArray[np.int64],
    others: npt.NDArray[np.int64],
    level: float = 0.95,
) -> tuple[float, float]:
    """The confidence interval of the median of ``values`` over that of ``others``.

    >>> ratio_interval(np.array([30, 30]), np.array([10, 10]))
    (3.0, 3.0)
    """
    random = np.random.default_rng(_SEED)
    return _bounds(_resampled_medians(values, random) / _resampled_medians(others, random), level)


def difference_interval(
    values: npt.NDArray[np.int64],
    others: npt.NDArray[np.int64],
    level: float = 0.95,
) -> tuple[float, float]:
    """The confidence interval of the median of ``values`` less that of ``others``.

    >>> difference_interval(np.array([30, 30]), np.array([10, 10]))
    (20.0, 20.0)
    """
    random = np.random.default_rng(_SEED)
    return _bounds(_resampled_medians(values, random) - _resampled_medians(others, random), level)


def paired_ratio_interval(
    values: npt.NDArray[np.float64],
    others: npt.NDArray[np.float64],
    level: float = 0.95,
) -> tuple[float, float]:
    """The confidence interval of the ratio of two medians whose values come in pairs.

    Pairs are resampled: what hit both of a pair alike cancels out.

    >>> paired_ratio_interval(np.array([30.0, 60.0]), np.array([10.0, 20.0]))
    (3.0, 3.0)
    """
    picks = np.random.default_rng(_SEED).integers(0, len(values), (RESAMPLES, len(values)))
    return _bounds(np.median(values[picks], axis=1) / np.median(others[picks], axis=1), level)


def student_t(freedom: float, level: float) -> float:
    """Student's t for any ``level``, two-sided; infinite without a degree of freedom.

    Source: G. Hill, Algorithm 396: Student's t-quantiles, Communications of the ACM 13 (1970).

    >>> [round(student_t(freedom, 0.99), 3) for freedom in (1, 2, 3, 11, 120)]
    [63.657, 9.925, 5.841, 3.106, 2.617]
    >>> round(student_t(10, 0.9994), 2), student_t(0, 0.99)
    (4.93, inf)
    """
    beyond = 1 - level
    if freedom < 1:
        return inf
    if freedom == 1:
        return 1 / tan(beyond * pi / 2)
    if freedom == 2:
        return sqrt(2 / (beyond * (2 - beyond)) - 2)
    n = freedom
    a = 1 / (n - 0.5)
    b = 48 / a**2
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * sqrt(a * pi / 2) * n
    y = (d * beyond) ** (2 / n)
    if y > 0.05 + a:
        x = NormalDist().inv_cdf(beyond / 2)
        y = x**2
        if n < 5:
            c += 0.3 * (n - 4.5) * (x + 0.6)
        c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
        return sqrt(n * expm1(a * y**2))
    y = ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) * (n + 1) / (
        n + 2
    ) + 1 / y
    return sqrt(n * y)


def student_interval(
    values: npt.NDArray[np.float64],
    others: npt.NDArray[np.float64],
) -> tuple[float, float]:
    """Student's 99% interval of the geometric mean of the pairs' ratios; of one pair, no bound.

    >>> low, high = student_interval(np.array([2.0, 4.0, 8.0]), np.array([1.0, 2.0, 4.0]))
    >>> round(low, 6), round(high, 6)
    (2.0, 2.0)
    >>> student_interval(np.array([2.0]), np.array([1.0]))
    (0.0, inf)
    """
    logs = np.log(values / others)
    if len(logs) < 2:
        return 0.0, float("inf")
    half = student_t(len(logs) - 1, 0.99) * float(np.std(logs, ddof=1)) / len(logs) ** 0.5
    return float(np.exp(logs.mean() - half)), float(np.exp(logs.mean() + half))


def _bounds(resampled: npt.NDArray[np.float64], level: float) -> tuple[float, float]:
    low, high = np.quantile(resampled, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _resampled_medians(
    values: npt.NDArray[np.int64],
    random: np.random.Generator,
) -> npt.NDArray[np.float64]:
    if len(values) > _MOST:
        values = values[np.linspace(0, len(values) - 1, _MOST).astype(int)]
    picks = random.integers(0, len(values), (RESAMPLES, len(values)))
    return np.asarray(np.median(values[picks], axis=1), dtype=np.float64)


def share_intervals(parts: npt.NDArray[np.int64], level: float = 0.95) -> npt.NDArray[np.float64]:
    """Confidence intervals of each column's share of the total.

    ``parts`` has a row a call and a column a part, in ns; the result has a row a column,
    low and high. Rows that sum to nothing have no shares: all intervals are then 0 to 0.
    """
    sums = resampled_counts(len(parts)) @ parts.astype(np.float64)
    totals = sums.sum(axis=1, keepdims=True)
    shares = np.divide(sums, totals, out=np.zeros_like(sums), where=totals > 0)
    intervals: npt.NDArray[np.float64] = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2], axis=0).T
    return intervals


def resampled_counts(calls: int) -> npt.NDArray[np.float64]:
    """How often each of ``calls`` calls is in each resample: a row a resample, a column a call."""
    counts = np.random.default_rng(_SEED).multinomial(calls, np.full(calls, 1 / calls), RESAMPLES)
    return np.asarray(counts, dtype=np.float64)

"""Tests by ranks, which no outlier upsets: of two samples, and of a step within a series.

Exact for small samples without ties, by the normal distribution for others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: Up to so many values together, the distribution is counted exactly.
MOST_EXACT = 50


def midranks(values: Floats) -> Floats:
    """The rank of each value in its column, from 1; equal ones have the mean of theirs.

    >>> midranks(np.array([[5.0], [1.0], [5.0]]))[:, 0].tolist()
    [2.5, 1.0, 2.5]
    """
    ranks = np.empty(values.shape)
    for column, one in enumerate(values.T):
        _, place, counts = np.unique(one, return_inverse=True, return_counts=True)
        last = np.cumsum(counts)
        ranks[:, column] = (last - (counts - 1) / 2)[place]
    return ranks


def chance_of_split(first_sum: float, first: int, ranks: Floats) -> float:
    """The two-sided chance that ``first`` of some values have ranks that sum up to so little, or so much.

    >>> ranks = np.arange(1.0, 9.0)
    >>> chance_of_split(10.0, 4, ranks) == 2 / math.comb(8, 4)
    True
    """
    count = len(ranks)
    u = first_sum - first * (first + 1) / 2
    u = min(u, first * (count - first) - u)
    if count <= MOST_EXACT:
        return min(1.0, 2 * float(_at_most(first, count - first)[math.floor(u + 0.5)]))
    spread = _spread(first, ranks)
    if not spread:
        return 1.0
    return math.erfc(abs(u + 0.5 - first * (count - first) / 2) / spread / math.sqrt(2))


def two_samples(first: Floats, second: Floats) -> float:
    """The chance that two samples of one distribution differ so much (Mann–Whitney, two-sided).

    >>> round(two_samples(np.arange(5.0), np.arange(5.0) + 9), 5), two_samples(np.ones(5), np.ones(7))
    (0.00794, 1.0)
    """
    ranks = midranks(np.concatenate([first, second])[:, None])[:, 0]
    return chance_of_split(float(ranks[: len(first)].sum()), len(first), ranks)


def best_splits(values: Floats, least: int) -> tuple[npt.NDArray[np.int64], Floats]:
    """Where each column steps most surely, and the chance of it without a step.

    A column is a series in the order of time, with ``least`` values at least on each side. The step is before
    the returned place. The chance covers that all places were looked at.
    """
    count = len(values)
    ranks = midranks(values)
    places = np.arange(least, count - least + 1)
    sums = np.cumsum(ranks, axis=0)[places - 1]
    if count > MOST_EXACT:
        middle = (places * (count + 1) / 2)[:, None]
        best = np.argmax(np.abs(sums - middle) / np.sqrt(places * (count - places))[:, None], axis=0)
        chances = [
            min(
                1.0,
                len(places) * chance_of_split(float(sums[row, column]), int(places[row]), ranks[:, column]),
            )
            for column, row in enumerate(best)
        ]
        return places[best], np.array(chances)
    first = places[:, None]
    u = sums - first * (first + 1) / 2
    u = np.floor(np.minimum(u, first * (count - first) - u) + 0.5).astype(np.int64)
    tables = [2 * _at_most(place, count - place) for place in places.tolist()]
    exact = np.array([table[row] for table, row in zip(tables, u)])
    best = np.argmin(exact, axis=0)
    return places[best], np.array([_of_any(chance, tables) for chance in exact.min(axis=0).tolist()])


def _of_any(chance: float, tables: Sequence[Floats]) -> float:
    """A bound of the chance that any split is as unlikely as ``chance``; each table has what one can be.

    Of few values, a split at some places is never so unlikely: these do not count.
    """
    bound = chance * (1 + 1e-9)
    numbers = [int(np.searchsorted(table, bound, side="right")) for table in tables]
    return min(1.0, sum(float(table[number - 1]) for table, number in zip(tables, numbers) if number))


def nearest_step(values: Floats, least: int) -> int:
    """Where a series that steps does so: values differ least from the medians before and after, as ratios.

    >>> nearest_step(np.array([1.0, 1.1, 3.0, 1.0, 1.1, 2.0, 2.1, 2.0, 2.1]), 2)
    5
    """
    logs = np.log(np.maximum(values, 1e-9))
    apart = [
        float(np.abs(side - np.median(side)).sum() + np.abs(rest - np.median(rest)).sum())
        for side, rest in ((logs[:place], logs[place:]) for place in range(least, len(logs) - least + 1))
    ]
    return least + int(np.argmin(apart))


def discovery_rates(chances: Sequence[float]) -> Floats:
    """The false discovery rate at which each is found among all of them (Benjamini–Hochberg).

    >>> discovery_rates([0.01, 0.5, 0.02]).round(3).tolist()
    [0.03, 0.5, 0.03]
    """
    values = np.asarray(chances, dtype=np.float64)
    order = np.argsort(-values)
    rates = values[order] * len(values) / np.arange(len(values), 0, -1)
    found = np.empty(len(values))
    found[order] = np.minimum(np.minimum.accumulate(rates), 1.0)
    return found


def _spread(first: int, ranks: Floats) -> float:
    """The standard deviation of the sum of ``first`` of these ranks."""
    count = len(ranks)
    return math.sqrt(first * (count - first) / count * float(ranks.var()) * count / max(count - 1, 1))


@cache
def _at_most(first: int, second: int) -> Floats:
    """How likely it is that at most so many pairs of two samples are out of order, from 0 on."""
    counts = _orders(min(first, second), max(first, second))
    sums: Floats = np.cumsum(counts) / counts.sum()
    return sums


@cache
def _orders(first: int, second: int) -> Floats:
    """In how many orders of two samples so many pairs are out of order, by whose largest value is last."""
    if not first or not second:
        return np.ones(1)
    found = np.zeros(first * second + 1)
    found[: first * (second - 1) + 1] += _orders(first, second - 1)
    found[second:] += _orders(first - 1, second)
    return found

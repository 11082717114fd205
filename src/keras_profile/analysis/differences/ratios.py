"""The ratio of two times whose calls were made in turn, with its interval.

Machines slow down and recover within a fraction of a second, and calls that are made next to each other
are hit alike. So each *quad* of blocks, before-after-after-before or the reverse, gives one ratio, in which
that cancels out. A pair of processes gives many quads. Two processes of the same program differ too, by
where their memory lies and how their dictionaries are ordered: so several pairs are started, and how much
pairs differ is part of the interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from ..intervals import student_t

Floats = npt.NDArray[np.float64]

#: How much two processes of one program differ at least, beyond what chance explains, as a standard deviation
#: of the logarithm of their ratio: ``benchmarks/gate.py collect`` measures 0.3 to 1% for predict of a tiny
#: model, 1.3% on a busy machine.
PROCESS_SPREAD = 0.01
#: What is assumed of this spread counts as much as the spread of so many pairs beyond the first. With eight,
#: one equal comparison of a hundred is called different even if processes differ by 1.3%.
ASSUMED_PAIRS = 8
#: The part of the quads at each end that does not count: a pause of the machine hits one call of four. Where
#: pauses are frequent the interval is a tenth narrower than with a fifth, and elsewhere hardly wider.
TRIMMED = 0.25
#: So many quads count, if there are as many: of fewer, chance is hardly known.
LEAST_LEFT = 6
#: Yuen's t has all degrees of freedom of the values that count. With a quarter left out at each end, that of
#: normal values is as wide as with so much of them.
FREEDOM_OF_TRIMMED = 0.8
#: With fewer degrees of freedom of chance, no others count.
LEAST_WITHIN = 5
#: With fewer quads a pair has no interval of its own.
LEAST_QUADS = 3

#: The level of an interval, unless another is asked for.
LEVEL = 0.99


@dataclass(frozen=True)
class Ratio:
    """A ratio, and the standard error of its logarithm, for an interval at ``level``.

    ``spread`` is how many times as far apart the pairs of processes are as expected; about 1. ``widened`` is
    how many times as large the error is as it is known to be, since so little is known of it.
    """

    value: float
    error: float
    pairs: int
    quads: int
    spread: float
    level: float = LEVEL
    widened: float = 1.0

    def interval(self) -> tuple[float, float]:
        """The interval that contains the true ratio with the probability ``level``.

        >>> low, high = Ratio(1.0, 0.01, 4, 100, 1.0).interval()
        >>> round(low, 4), round(high, 4)
        (0.9746, 1.0261)
        """
        half = quantile(self.level) * self.error
        return exp(log(self.value) - half), exp(log(self.value) + half)


def quantile(level: float) -> float:
    """The normal distribution's two-sided quantile for ``level``, such as 2.576 for 0.99.

    >>> round(quantile(0.99), 3), round(quantile(0.995), 2)
    (2.576, 2.81)
    """
    return NormalDist().inv_cdf((1 + level) / 2)


def ratio_of(pairs: Sequence[Sequence[float]], level: float = LEVEL) -> Ratio | None:
    """The ratio from the logarithms of the quads' ratios, a list for each pair of processes.

    Its error is such that the normal distribution's quantile for ``level`` holds. None if no pair has
    :data:`LEAST_QUADS` quads.

    >>> ratio = ratio_of([[0.69, 0.70, 0.68, 0.69], [0.69, 0.70, 0.69, 0.68]])
    >>> round(ratio.value, 2), ratio.pairs, ratio.quads
    (1.99, 2, 8)
    """
    enough = [quads for quads in pairs if len(quads) >= LEAST_QUADS]
    if not enough:
        return None
    known = [trimmed(np.asarray(quads, dtype=np.float64)) for quads in enough]
    # One variance of chance for all pairs: by those of few quads, one that looks steady would decide alone.
    within = sum(one.freedom for one in known)
    variance = sum(one.freedom * one.counted * one.error**2 for one in known) / within
    chances = [variance / one.counted for one in known]
    weights = [1 / (chance + PROCESS_SPREAD**2) for chance in chances]
    center = sum(weight * one.center for weight, one in zip(weights, known)) / sum(weights)
    squares = sum(weight * (one.center - center) ** 2 for weight, one in zip(weights, known))
    spread = sqrt(squares / (len(known) - 1)) if len(known) > 1 else 1.0
    # Pairs that differ by more than expected say less than they seem to.
    between = ASSUMED_PAIRS + len(known) - 1
    apart = sqrt((ASSUMED_PAIRS + (len(known) - 1) * spread**2) / between)
    # How well both parts of the variance are known, by the rule of Welch and Satterthwaite.
    part = sum(weight**2 * chance for weight, chance in zip(weights, chances)) / sum(weights)
    freedom = 1 / (part**2 / within + (1 - part) ** 2 / between)
    if within < LEAST_WITHIN:
        freedom = min(freedom, within)  # what part chance is is hardly known then
    widened = max(1.0, apart * student_t(freedom, level) / quantile(level))
    error = widened / sqrt(sum(weights))
    return Ratio(exp(center), error, len(known), sum(map(len, enough)), spread, level, widened)


@dataclass(frozen=True)
class Middle:
    """The mean of the middle of some values, its standard error with its degrees of freedom, and how many
    values are counted."""

    center: float
    error: float
    freedom: float
    counted: int

    @property
    def widened(self) -> float:
        """By what the error is multiplied, so that the normal distribution's quantile for ``LEVEL`` holds."""
        return student_t(self.freedom, LEVEL) / quantile(LEVEL)


def trimmed(values: Floats) -> Middle:
    """The mean of the middle of at least two ``values``, by Yuen's formula.

    Source: K. Yuen, The two-sample trimmed t for unequal population variances, Biometrika 61 (1974).

    >>> middle = trimmed(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 100.0]))
    >>> middle.center, round(middle.error, 2), middle.counted
    (4.5, 1.0, 6)
    """
    ordered = np.sort(values)
    count = len(ordered)
    cut = max(0, min(int(TRIMMED * count), (count - LEAST_LEFT) // 2))
    left = count - 2 * cut
    ends = np.clip(ordered, ordered[cut], ordered[count - cut - 1])
    squares = float(np.sum((ends - ends.mean()) ** 2))
    error = sqrt(squares / (left * (left - 1)))
    freedom = (left - 1) * (FREEDOM_OF_TRIMMED if cut else 1.0)
    return Middle(float(ordered[cut : count - cut].mean()), error, freedom, left)

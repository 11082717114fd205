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
#: The part of the quads at each end that does not count: a pause of the machine hits one call of four.
TRIMMED = 0.2
#: With fewer quads a pair has no interval of its own.
LEAST_QUADS = 3

#: The level of an interval, unless another is asked for.
LEVEL = 0.99


@dataclass(frozen=True)
class Ratio:
    """A ratio, and the standard error of its logarithm, for an interval at ``level``.

    ``spread`` is how many times as far apart the pairs of processes are as expected; about 1.
    """

    value: float
    error: float
    pairs: int
    quads: int
    spread: float
    level: float = LEVEL

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
    known = [
        trimmed(np.asarray(quads, dtype=np.float64), level) for quads in pairs if len(quads) >= LEAST_QUADS
    ]
    if not known:
        return None
    weights = [1 / (error**2 + PROCESS_SPREAD**2) for _, error in known]
    center = sum(weight * one for weight, (one, _) in zip(weights, known)) / sum(weights)
    error = 1 / sqrt(sum(weights))
    spread = 1.0
    if len(known) > 1:
        apart = sum(weight * (one - center) ** 2 for weight, (one, _) in zip(weights, known))
        spread = sqrt(apart / (len(known) - 1))
    # Pairs that differ by more than expected say less than they seem to.
    freedom = ASSUMED_PAIRS + len(known) - 1
    widened = sqrt((ASSUMED_PAIRS + (len(known) - 1) * spread**2) / freedom)
    error *= max(1.0, widened * student_t(freedom, level) / quantile(level))
    return Ratio(exp(center), error, len(known), sum(map(len, pairs)), spread, level)


def trimmed(values: Floats, level: float = LEVEL) -> tuple[float, float]:
    """The mean of the middle of ``values``, and its standard error, by Yuen's formula.

    Errors of few values are widened, so that the normal distribution's quantile for ``level`` holds.

    Source: K. Yuen, The two-sample trimmed t for unequal population variances, Biometrika 61 (1974).

    >>> center, error = trimmed(np.array([1.0, 2.0, 3.0, 4.0, 100.0]))
    >>> center, round(error, 2)
    (3.0, 3.15)
    """
    ordered = np.sort(values)
    count = len(ordered)
    cut = int(TRIMMED * count)
    left = count - 2 * cut
    ends = np.clip(ordered, ordered[cut], ordered[count - cut - 1])
    squares = float(np.sum((ends - ends.mean()) ** 2))
    error = sqrt(squares / (left * (left - 1))) if left > 1 else float("inf")
    return float(ordered[cut : count - cut].mean()), error * student_t(left - 1, level) / quantile(level)

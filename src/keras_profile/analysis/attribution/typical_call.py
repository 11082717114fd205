"""The composition of a call of the median length, estimated from recorded calls of all lengths.

The spans come from other calls than the bare ones, whose median the report states, and calls vary: other
programs run, and slow down some phases more than others. So a line through the calls estimates each phase
for a given length of the call. Phases that vary absorb the difference; phases that do not, such as a sleep
or the wait for a device, keep their time. The lines of all phases sum to the length, so the parts sum to
the call.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...model.arrays import Flags, Ints
from ..intervals import resampled_counts

Floats = npt.NDArray[np.float64]

#: The lines are used within these quantiles of the calls' lengths, and slightly beyond, by the random error
#: of the median of so few calls. The rest up to the requested length, such as the capture's cost, is scaled.
SHORTEST, LONGEST = 0.1, 0.9
#: A phase's time in a call is capped at this many interquartile ranges above the upper quartile: a single
#: delayed call would bend all lines.
MOST_RANGES = 3
#: A phase is occasional if fewer calls than this have it.
FEW_CALLS = 0.5
#: So is one with this many times as much of all calls as of a typical one, measured by the rest of the
#: call, if that is this share of it and this many calls have it: work that comes in some calls, and
#: no disturbance.
MANY_TIMES, MUCH, AGAIN = 3.0, 0.1, 3


@dataclass(frozen=True)
class TypicalCall:
    """The composition of a call of ``total_ns`` by ``parts``, a row a call and a column a part, in ns.

    ``shares`` has a row a part and sums to 1. Parts that are ``occasional`` count with their mean
    over all calls, in proportion.
    """

    parts: Ints
    total_ns: float
    occasional: Flags
    shares: Floats

    def intervals(self, level: float = 0.95) -> Floats:
        """The confidence intervals of the shares, by resampling whole calls: low and high."""
        counts = resampled_counts(len(self.parts))
        found = _normal(_composed(counts, self.parts, self.occasional, self.total_ns))
        return np.asarray(np.quantile(found, [(1 - level) / 2, (1 + level) / 2], axis=0).T)

    def factors(self) -> Floats:
        """The factors that scale each part of an average call to the typical one."""
        mean = self.parts.mean(axis=0)
        whole = mean.sum()
        plain = np.full(len(mean), self.total_ns / whole if whole else 0.0)
        return np.asarray(np.divide(self.shares * self.total_ns, mean, out=plain, where=mean > 0))


def typical_call(parts: Ints, total_ns: float) -> TypicalCall:
    """The composition of a call of ``total_ns`` by ``parts``, of one call at least.

    >>> steady = np.array([[10, 90], [10, 190], [10, 290], [10, 390]])
    >>> typical_call(steady, 200).shares.round(2).tolist()
    [0.05, 0.95]
    """
    once = np.ones((1, len(parts)))
    occasional = (parts > 0).mean(axis=0) < FEW_CALLS
    composed = _composed(once, parts, occasional, total_ns)[0]
    occasional = occasional | _comes_by_itself(parts, composed, occasional)
    shares = _normal(_composed(once, parts, occasional, total_ns))[0]
    return TypicalCall(parts, total_ns, occasional, shares)


def at_length(columns: Floats, lengths: Floats, length: float) -> Floats:
    """Each column's value in a call of ``length``; the calls have ``lengths``.

    ``columns`` has a row a call; columns that few calls have count with their mean. Values beyond the
    calls' lengths are scaled.
    """
    once = np.ones((1, len(lengths)))
    few = (columns > 0).mean(axis=0) < FEW_CALLS
    usual = _capped(lengths[:, None])[:, 0]
    reached = _reached(usual, length)
    found = np.where(
        few,
        columns.mean(axis=0),
        _on_lines(once, np.where(few, 0.0, _capped(columns)), usual, reached)[0],
    )
    return np.asarray(found * (length / reached) if reached else found)


def _composed(counts: Floats, parts: Ints, occasional: Flags, total_ns: float) -> Floats:
    """The parts of a call in ns, a row for each row of ``counts``, how often each call counts."""
    found = counts @ parts / counts.sum(axis=1, keepdims=True)
    usual = np.flatnonzero(~occasional)
    if len(usual):
        capped = _capped(parts[:, usual].astype(np.float64))
        lengths = capped.sum(axis=1)
        found[:, usual] = _on_lines(counts, capped, lengths, _reached(lengths, total_ns))
    return np.asarray(found)


def _on_lines(counts: Floats, columns: Floats, lengths: Floats, length: float) -> Floats:
    """The lines through the calls at ``length``, column by column.

    If all calls have one length, there is no line, and columns are in proportion to the length. A column
    stays within the values that the calls had, or in proportion to a length beyond theirs: past few calls,
    of which one had a pause, the line would take all of a phase away.
    """
    calls = counts.sum(axis=1, keepdims=True)
    # Differences from the middle, since squares of ns do not fit exactly into a float.
    from_middle, apart = columns - columns.mean(axis=0), lengths - lengths.mean()
    mean, mean_apart = counts @ from_middle / calls, (counts @ apart)[:, None] / calls
    together = counts @ (from_middle * apart[:, None]) / calls - mean * mean_apart
    spread = (counts @ apart**2)[:, None] / calls - mean_apart**2
    level, middle = columns.mean(axis=0) + mean, lengths.mean() + mean_apart
    in_proportion = np.divide(level, middle, out=np.zeros_like(level), where=middle > 0)
    slopes = np.divide(together, spread, out=in_proportion, where=spread > _NO_SPREAD)
    shortest, longest = max(lengths.min(), 1.0), max(lengths.max(), 1.0)
    least = columns.min(axis=0) * min(1.0, length / shortest)
    most = columns.max(axis=0) * max(1.0, length / longest)
    return np.asarray(np.clip(level + slopes * (length - middle), least, most))


def _reached(lengths: Floats, length: float) -> float:
    """``length``, or the nearest value at which the lines are used."""
    shortest, longest = np.quantile(lengths, [SHORTEST, LONGEST])
    chance = (longest - shortest) / len(lengths) ** 0.5
    return float(min(max(length, shortest - chance), longest + chance))


#: Calls that differ by less, in square ns, have one length.
_NO_SPREAD = 1e-3


def _capped(columns: Floats) -> Floats:
    low, high = np.quantile(columns, [0.25, 0.75], axis=0)
    return np.asarray(np.minimum(columns, high + MOST_RANGES * (high - low)))


def _comes_by_itself(parts: Ints, composed: Floats, occasional: Flags) -> Flags:
    """Which parts have a far larger share of all calls than of a typical one, relative to other parts."""
    mean = parts.mean(axis=0)
    typical = composed.copy()
    typical[occasional] = 0.0
    usual = np.where(occasional, 0.0, mean)
    others = (usual.sum() - usual) / np.maximum(typical.sum() - typical, 1.0)
    expected = typical * np.maximum(others, 1.0)
    is_many = mean > MANY_TIMES * expected
    is_again = (parts > MANY_TIMES * expected).sum(axis=0) >= AGAIN
    return np.asarray(~occasional & is_many & is_again & (mean - expected > MUCH * typical.sum()))


def _normal(rows: Floats) -> Floats:
    """The rows, each divided by its sum; those that sum to nothing stay."""
    sums = rows.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(rows, sums, out=np.zeros_like(rows), where=sums > 0))

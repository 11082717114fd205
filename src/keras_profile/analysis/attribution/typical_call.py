"""What a call of the median length is made of, by recorded calls of all lengths.

The spans are of other calls than the bare ones, whose median the report states, and both differ
from call to call: other programs run, and what they take from a call they take from some of its
phases. So the phases of a call of a given length are estimated by how they go with the length: a
line through the calls, phase by phase. What varies takes up the difference, and what does not,
such as a sleep or the wait for a device, keeps its time. The lines of all phases sum to the
length, so the parts sum to the call.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...model.arrays import Flags, Ints
from ..intervals import resampled_counts

Floats = npt.NDArray[np.float64]

#: The lines are followed within these quantiles of the calls' lengths, and by as much beyond as the
#: middle of so few calls may lie beside that of others by chance. What is left up to the length asked
#: for, such as what the capture adds, is scaled.
SHORTEST, LONGEST = 0.1, 0.9
#: A phase's time in a call counts up to so many ranges between its quartiles above the upper one: a
#: single call that was held up would bend all lines.
MOST_RANGES = 3
#: A phase that fewer of the calls have is occasional.
FEW_CALLS = 0.5
#: So is one with this many times as much of all calls as of a typical one, measured by the rest of the
#: call, if that is this share of it and this many calls have it: work that comes in some calls, and
#: no disturbance.
MANY_TIMES, MUCH, AGAIN = 3.0, 0.1, 3


@dataclass(frozen=True)
class TypicalCall:
    """What a call of ``total_ns`` is made of, by ``parts``, a row a call and a column a part, in ns.

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
        """What a ns of each part, of a call on average, stands for in the typical one."""
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
    """What each column has in a call that has ``length`` of what the calls have ``lengths`` of.

    ``columns`` has a row a call; those that few calls have count with their mean. What lies beyond
    the calls' lengths is scaled.
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
    """What the lines through the calls have at ``length``, column by column, at least nothing.

    Where calls have one length there is no line, and columns go with the length in proportion.
    """
    calls = counts.sum(axis=1, keepdims=True)
    # Differences from the middle, since squares of ns do not fit into a float to the last one.
    from_middle, apart = columns - columns.mean(axis=0), lengths - lengths.mean()
    mean, mean_apart = counts @ from_middle / calls, (counts @ apart)[:, None] / calls
    together = counts @ (from_middle * apart[:, None]) / calls - mean * mean_apart
    spread = (counts @ apart**2)[:, None] / calls - mean_apart**2
    level, middle = columns.mean(axis=0) + mean, lengths.mean() + mean_apart
    in_proportion = np.divide(level, middle, out=np.zeros_like(level), where=middle > 0)
    slopes = np.divide(together, spread, out=in_proportion, where=spread > _NO_SPREAD)
    return np.asarray(np.maximum(level + slopes * (length - middle), 0.0))


def _reached(lengths: Floats, length: float) -> float:
    """``length``, or the nearest to it that the lines are followed to."""
    shortest, longest = np.quantile(lengths, [SHORTEST, LONGEST])
    chance = (longest - shortest) / len(lengths) ** 0.5
    return float(min(max(length, shortest - chance), longest + chance))


#: Calls that differ by less, in square ns, have one length.
_NO_SPREAD = 1e-3


def _capped(columns: Floats) -> Floats:
    low, high = np.quantile(columns, [0.25, 0.75], axis=0)
    return np.asarray(np.minimum(columns, high + MOST_RANGES * (high - low)))


def _comes_by_itself(parts: Ints, composed: Floats, occasional: Flags) -> Flags:
    """Which parts have far more of all calls than of a typical one, for what the other parts have."""
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

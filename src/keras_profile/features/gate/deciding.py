"""Decides whether a call is slower than a margin allows, looking again after each pair of processes.

Each look may be wrong by chance. All looks together are wrong at most as often as one at 99%: each has an
equal part of that (Bonferroni), which is simple and on the safe side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Literal

from ...analysis.differences.ratios import Ratio, quantile, ratio_of

#: What is known of a call's time.
Answer = Literal["passed", "regressed", "inconclusive"]

#: A call may take so much longer than the base's, unless the settings say something else.
MARGIN = 0.05
#: How often all looks of a gate together may be wrong, on both sides.
ERROR = 0.01


@dataclass(frozen=True)
class Decision:
    """An answer, with the ratio and its interval at the level of one look; None if it is not known yet."""

    answer: Answer
    ratio: float | None
    interval: tuple[float, float] | None


def decide(pairs: Sequence[Sequence[float]], looks: int, margin: float = MARGIN) -> Decision:
    """The answer from the logarithms of the quads' ratios, a list for each pair of processes.

    ``looks`` is how many times a gate looks at most.

    >>> decide([[0.0, 0.01, -0.01, 0.0] * 10] * 4, 4).answer
    'passed'
    >>> decide([[0.2, 0.21, 0.19, 0.2] * 10] * 4, 4).answer
    'regressed'
    """
    found = ratio_of(pairs, level_of(looks))
    if found is None:
        return Decision("inconclusive", None, None)
    low, high = interval = found.interval()
    if low > 1 + margin:
        return Decision("regressed", found.value, interval)
    return Decision("passed" if high < 1 + margin else "inconclusive", found.value, interval)


def level_of(looks: int) -> float:
    """The level of one look's interval."""
    return 1 - ERROR / max(looks, 1)


def unsteady(control: Sequence[Sequence[float]], decision: Decision, margin: float = MARGIN) -> str:
    """Why the machine is too unsteady for a ``decision``, by two processes of the base; empty if it is not.

    A regression that is larger than what the two differ by is one all the same.

    >>> passed = Decision("passed", 1.0, (0.98, 1.02))
    >>> unsteady([[0.0, 0.001, -0.001, 0.0] * 5] * 3, passed)
    ''
    >>> unsteady([], passed)
    'two processes of the base were not compared'
    """
    found = ratio_of(control)
    if found is None:
        return "two processes of the base were not compared"
    low, high = found.interval()
    apart = max(high, 1 / low)
    if decision.answer == "regressed" and decision.interval and decision.interval[0] > (1 + margin) * apart:
        return ""
    if low > 1 or high < 1:
        return (
            f"two processes of the base, which are the same, differ by {abs(found.value - 1):.1%} "
            f"({low:.3g}–{high:.3g}×)"
        )
    return ""


def seconds_needed(found: Ratio, seconds: float, looks: int, margin: float = MARGIN) -> float:
    """How many seconds it takes here to tell an equal call from one that is ``margin`` slower.

    ``found`` was measured in ``seconds``. The error falls with the root of the time, and is well known later.

    >>> round(seconds_needed(Ratio(1.0, 0.02, 1, 50, 1.0), 15.0, 4))
    23
    """
    wanted = log(1 + margin) / quantile(level_of(looks))
    return seconds * max((found.error / found.widened / wanted) ** 2, 0.25)

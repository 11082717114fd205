"""Time that a change saves over many calls, including building it."""

from __future__ import annotations

import math

from ...model.report import Comparison


def saved_ns(comparison: Comparison, calls: int, speedup: float | None = None) -> int:
    """Time in ns that the change saves over ``calls`` calls, including building it and its first call.

    Negative if it does not pay off, 0 if it was not measured. ``speedup`` replaces the measured one, for
    example by an end of its interval.
    """
    speedup = comparison.speedup if speedup is None else speedup
    if not speedup or comparison.speedup is None:
        return 0
    return round(calls * comparison.before_ns * (1 - 1 / speedup) - building_ns(comparison))


def building_ns(comparison: Comparison) -> int:
    """The cost paid once: building the change, and the extra time of its first call."""
    if comparison.warmup_ns is None or comparison.after_ns is None:
        return 0
    return max(0, comparison.warmup_ns - comparison.calls * comparison.after_ns)


def pays_off_after(comparison: Comparison) -> int | None:
    """The number of calls from which the change saves time; None if it is not faster, or not known.

    >>> from dataclasses import replace
    >>> slow_to_build = Comparison("a", "a", "", "faster", 100, 20, 5.0, (4.0, 6.0), None, "", warmup_ns=820)
    >>> pays_off_after(slow_to_build), saved_ns(slow_to_build, 10), saved_ns(slow_to_build, 40)
    (11, 0, 2400)
    >>> pays_off_after(replace(slow_to_build, warmup_ns=20))
    1
    """
    if comparison.verdict != "faster" or comparison.warmup_ns is None or comparison.after_ns is None:
        return None
    gain = comparison.before_ns - comparison.after_ns
    return None if gain <= 0 else math.floor(building_ns(comparison) / gain) + 1

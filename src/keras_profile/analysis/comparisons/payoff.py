"""What a change saves over many calls, building it included."""

from __future__ import annotations

import math

from ...model.report import Comparison


def saved_ns(comparison: Comparison, calls: int, speedup: float | None = None) -> int:
    """What ``calls`` calls take less with the change, in ns, with building it and its first call.

    Negative where it does not pay off. ``speedup`` stands for the measured one, such as an end of its
    interval. 0 of what was not measured.
    """
    speedup = comparison.speedup if speedup is None else speedup
    if not speedup or comparison.speedup is None:
        return 0
    return round(calls * comparison.before_ns * (1 - 1 / speedup) - building_ns(comparison))


def building_ns(comparison: Comparison) -> int:
    """What is paid once: building the change, and what its first call takes more than the others."""
    if comparison.warmup_ns is None or comparison.after_ns is None:
        return 0
    return max(0, comparison.warmup_ns - comparison.calls * comparison.after_ns)


def pays_off_after(comparison: Comparison) -> int | None:
    """From how many calls on the change saves time; None where it is not faster, or nothing is known.

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

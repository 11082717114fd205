"""Wording of a comparison, the same in every output."""

from __future__ import annotations

from ...analysis.differences.headline import signed
from ...model.comparison import (
    ComparedOutputs,
    ComparisonContent,
    CountDifference,
    DifferenceVerdict,
    FindingDifference,
    InternalDifference,
    PhaseDifference,
)
from ...number_words import milliseconds, multiple, number

#: Verdicts in words.
VERDICTS: dict[DifferenceVerdict, str] = {
    "slower": "slower",
    "faster": "faster",
    "no_difference": "no difference",
    "cannot_tell": "not known",
    "indication": "indication only",
}
#: Calls of Python functions differ by up to 2.3% from run to run (``benchmarks/exact_counts.py``).
_VARIES = 0.03
FINDINGS = {"new": "new", "gone": "gone", "costs_more": "costs more", "costs_less": "costs less"}


def sides(content: ComparisonContent) -> list[str]:
    """Both sides in a line each: label, median call, processor time, number of calls."""
    lines = []
    width = max(len(content.before.label), len(content.after.label))
    times = [content.total.before_ns, content.total.after_ns]
    for word, side, ns in zip(("before", "after "), (content.before, content.after), times):
        calls = f"{side.calls:,} calls"
        if len(side.recordings) > 1:
            calls += f" in {len(side.recordings)} processes"
        lines.append(f"{word}  {side.label:{width}}  {milliseconds(ns)} ms a call, {calls}")
    return lines


def interval(phase: PhaseDifference) -> str:
    """The interval of a phase's difference in ms; empty if there is none."""
    if phase.difference_ci99_ns is None:
        return ""
    return " to ".join(map(signed_ms, phase.difference_ci99_ns))


def signed_ms(ns: int) -> str:
    """A difference in ms with its sign, without the unit.

    >>> signed_ms(-1_200_000)
    '-1.20'
    """
    return signed(ns).removesuffix(" ms")


def cpu(content: ComparisonContent) -> str:
    """The ratio of processor time; empty if it is not known."""
    total = content.total
    if total.cpu_ratio is None:
        return ""
    return f"processor time {multiple(total.cpu_ratio, total.cpu_ratio_ci99, ', 99% CI ')}"


def changed_counts(content: ComparisonContent) -> list[CountDifference]:
    """The counts that differ, by more than they do from run to run."""
    return [one for one in content.counts if _differs(one)]


def count(one: CountDifference) -> str:
    """A count before and after, in words."""
    return f"{one.title}: {_number(one.before)} → {_number(one.after)}"


def internal(one: InternalDifference) -> str:
    """An internal's calls before and after."""
    return f"{number(one.before_count)} → {number(one.after_count)}"


def finding(one: FindingDifference) -> str:
    """What happened to a finding."""
    return f"{FINDINGS[one.change]}: {one.title}"


def outputs(found: ComparedOutputs) -> str:
    """Whether the outputs are the same."""
    if found.verdict == "equal":
        return "the outputs are equal, bit for bit"
    if found.verdict == "close":
        return f"the outputs are equal within the tolerance: they differ by {found.max_abs_error:.2g} at most"
    if found.verdict == "differ":
        return f"the outputs differ: {found.reason}"
    return f"the outputs were not compared: {found.reason}"


def _differs(one: CountDifference) -> bool:
    if one.before is None or one.after is None:
        return False
    least = _VARIES * one.before if one.count == "python_calls" else 0
    return abs(one.after - one.before) > least


def _number(value: float | None) -> str:
    return "unknown" if value is None else number(value)


def before_and_after(one: CountDifference) -> tuple[str, str]:
    """A count's two numbers."""
    return _number(one.before), _number(one.after)

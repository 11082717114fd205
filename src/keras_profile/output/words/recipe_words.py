"""Wording of comparisons of recipes."""

from __future__ import annotations

from collections.abc import Sequence

from ...analysis.comparisons.verdicts import best_of, fastest_of, is_open, is_surely_as_fast
from ...model.report import Comparison, CostModel, ReportContent, Scaling
from ...number_words import milliseconds, plural

#: Verdicts of changes that were measured, or should have been: the table shows them.
SHOWN = ("faster", "no_difference", "slower", "cannot_tell", "outputs_differ", "failed")


#: How a recipe's reason names the packages that it needs.
PIP = "pip install "
#: A change whose call needs this much memory says so beside its outputs.
MUCH_MEMORY = 10**8
#: An interval whose ends differ by more than this factor is not printed.
SO_WIDE = 100
#: With fewer numbers of rows, the costs of a call and of a row cannot be separated.
LEAST_TO_FIT = 2
#: A change that pays off within this many calls does so soon enough not to mention it.
PAYS_OFF_SOON = 3

#: What the names in the code of a change stand for.
NAMES = "in code to change to, x is the input of the call and y its result: replace only the call"


def shown(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The changes that were tried, the largest gain first."""
    return [one for one in comparisons if one.verdict in SHOWN]


def now_then(one: Comparison) -> str:
    """The times of a call now and with the change, in ms."""
    if one.after_ns is None:
        return ""
    return f"{milliseconds(one.before_ns)} → {milliseconds(one.after_ns)}"


def factor(value: float) -> str:
    """A factor with about three digits.

    >>> factor(107.4), factor(3.456), factor(0.081), factor(1.04)
    ('107×', '3.46×', '0.081×', '1.04×')
    """
    return f"{_figure(value)}×"


def _figure(value: float) -> str:
    if value >= 99.5:
        return f"{value:.0f}"
    return f"{value:.3g}" if value < 0.1 else f"{value:.1f}" if value >= 9.95 else f"{value:.2f}"


def speedup(one: Comparison) -> str:
    """The verdict with its figures: ``107× (98–115)``, ``no difference (0.98–1.06)``, ``3.1× slower``.

    Says so if a change may gain or lose much.
    """
    if one.speedup is None:
        return ""
    if one.speedup_ci99 is None or (one.verdict == "no_difference" and _says_nothing(*one.speedup_ci99)):
        return f"not sure ({plural(one.rounds, 'round')})"
    low, high = one.speedup_ci99
    if one.verdict == "slower":
        return f"{factor(1 / one.speedup)} slower ({_figure(1 / high)}–{_figure(1 / low)})"
    interval = f"({_figure(low)}–{_figure(high)})"
    if one.verdict == "faster":
        return f"{factor(one.speedup)} {interval}"
    if one.verdict == "no_difference":
        if is_surely_as_fast(one):
            return f"no difference {interval}"
        return f"not sure {interval}" if is_open(one) else f"no clear difference {interval}"
    return f"{one.verdict.replace('_', ' ')} {interval}"


def _says_nothing(low: float, high: float) -> bool:
    """Whether an interval is too wide to print its ends."""
    return high > SO_WIDE * low


def recommendation(one: Comparison) -> str:
    """A change with its condition, and after how many calls it pays off if that takes some."""
    calls = one.pays_off_after
    late = "" if calls is None or calls <= PAYS_OFF_SOON else f"; building it pays off after {calls:,} calls"
    condition = f", {one.condition}" if one.condition else ""
    return f"{one.title}{condition}, as measured here{late}:"


def gain(one: Comparison) -> str:
    """The gain of a change per call, its interval, and whether outputs are the same, in one line."""
    calls = one.pays_off_after
    late = "" if calls is None or calls <= PAYS_OFF_SOON else f"; pays off after {calls:,} calls"
    low, high = one.speedup_ci99 or (None, None)
    sure = "" if low is None or high is None else f" (99% CI {_figure(low)}–{_figure(high)})"
    faster = "" if one.speedup is None else f", {factor(one.speedup)} as fast{sure}"
    return f"{now_then(one)} ms a call{faster}; outputs {outputs(one)}{late}"


def left_out(comparisons: Sequence[Comparison], faster: int) -> str:
    """How many other changes are ``faster``, not faster, failed, or were not tried."""
    counts = [
        (faster, "more faster"),
        (sum(one.verdict in ("no_difference", "cannot_tell") for one in comparisons), "not surely faster"),
        (sum(one.verdict == "slower" for one in comparisons), "slower"),
        (sum(one.verdict == "outputs_differ" for one in comparisons), "with different outputs"),
        (sum(one.verdict == "failed" for one in comparisons), "failed"),
        (sum(one.verdict == "not_tried" for one in comparisons), "not tried"),
    ]
    words = [f"{count} {what}" for count, what in counts if count]
    return f"other changes: {', '.join(words)}" if words else ""


def faster_besides(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The other changes that are surely faster, in their order."""
    best = best_of(comparisons)
    return [one for one in comparisons if one.verdict == "faster" and one is not best]


def others(comparisons: Sequence[Comparison]) -> str:
    """Other faster changes in one sentence: how many, and the largest gain; empty if there are none."""
    best, fastest = best_of(comparisons), fastest_of(comparisons)
    number = sum(not one.approximate for one in faster_besides(comparisons))
    if best is None or fastest is None or number < 1:
        return ""
    said = f"{number} more change{'s are' if number > 1 else ' is'} faster"
    if fastest is best or fastest.speedup is None:
        return f"{said}, and none gains more"
    condition = f", {fastest.condition}" if fastest.condition else ""
    calls = fastest.pays_off_after
    late = f"; it pays off after {calls:,} calls" if calls is not None and calls > PAYS_OFF_SOON else ""
    return f"{said}, up to {factor(fastest.speedup)} with {fastest.title}{condition}{late}"


def outputs(one: Comparison) -> str:
    """Whether the outputs are the same and how close, and the call's memory if it is much."""
    if one.verdict in ("outputs_differ", "cannot_tell"):
        return one.reason
    if one.verdict == "failed":
        return f"failed: {one.reason}"
    if one.outputs is None:
        return one.reason
    if one.approximate and not one.outputs.equal:
        return f"alters results, by up to {one.outputs.max_abs_error:.1g}"
    said = "equal" if one.outputs.equal else f"equal within {one.outputs.max_abs_error:.0e}"
    if one.peak_bytes is not None and one.peak_bytes >= MUCH_MEMORY:
        said += f"; takes {one.peak_bytes / 1e9:.1f} GB"
    return said


def not_tried(comparisons: Sequence[Comparison]) -> list[tuple[str, list[str]]]:
    """Why applicable recipes were not tried, with their titles."""
    reasons: dict[str, list[str]] = {}
    for one in comparisons:
        if one.verdict == "not_tried":
            reasons.setdefault(one.reason, []).append(one.title)
        elif one.verdict == "not_applicable" and PIP in one.reason:
            packages = one.reason.partition(PIP)[2]
            reasons.setdefault("not installed here", []).append(f"{one.title} (pip install {packages})")
    return list(reasons.items())


def scaling_lines(report: ReportContent) -> list[str]:
    """The costs of a call, a batch and a row now and with the best change, and where they meet."""
    scaling = report.scaling
    if scaling is None:
        return []
    measured = sorted({point.rows for point in scaling.original.points})
    if len(measured) < LEAST_TO_FIT:
        return []
    lines = [
        f"costs fitted to calls of {_rows(measured[0], measured[-1])}:",
        f"  as it is: {costs(scaling.original)}",
        f"  {scaling.best.title}: {costs(scaling.best)}",
    ]
    meets = meeting(scaling)
    return [*lines, f"  {meets}"] if meets else lines


def costs(model: CostModel) -> str:
    """The fitted costs in a few words."""
    parts = [f"{milliseconds(model.fixed_ns)} ms for a call"]
    if model.batch_ns is not None:
        parts.append(f"{milliseconds(model.batch_ns)} ms more for each batch")
    parts.append(f"{milliseconds(model.row_ns)} ms more for each row")
    return ", ".join(parts)


def meeting(scaling: Scaling) -> str:
    """The measured numbers of rows with which the change is faster; empty if it is not."""
    if scaling.faster_rows is None:
        return ""
    measured = sorted({point.rows for point in scaling.original.points})
    (low, high), title = scaling.faster_rows, scaling.best.title
    if (low, high) != (measured[0], measured[-1]):
        return f"{title} is faster with {_rows(low, high)}, but not with the others measured"
    return f"{title} is faster with {_rows(low, high)}; no others were measured"


def _rows(low: int, high: int) -> str:
    return plural(low, "row") if low == high else f"{low:,} to {high:,} rows"

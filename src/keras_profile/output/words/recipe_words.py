"""How comparisons of recipes are put into words."""

from __future__ import annotations

from collections.abc import Sequence

from ...analysis.comparisons.verdicts import is_surely_as_fast
from ...model.report import Comparison, CostModel, ReportContent, Scaling
from ...number_words import milliseconds

#: Verdicts of changes that were measured, or should have been: these are shown in a table.
SHOWN = ("faster", "no_difference", "slower", "cannot_tell", "outputs_differ", "failed")


#: How a recipe's reason names the packages that it needs.
PIP = "pip install "
#: A call whose memory rises by this says so beside its outputs.
MUCH_MEMORY = 10**8


def shown(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Those that were tried, what gains most first."""
    return [one for one in comparisons if one.verdict in SHOWN]


def now_then(one: Comparison) -> str:
    """The times of a call now and with the change, in ms; a time more than that is in words."""
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
    """The verdict with its figures: ``107× (98–115)``, ``no difference (0.98–1.06)``, ``3.1× slower``."""
    if one.speedup is None or one.speedup_ci95 is None:
        return ""
    low, high = one.speedup_ci95
    if one.verdict == "slower":
        return f"{factor(1 / one.speedup)} slower ({_figure(1 / high)}–{_figure(1 / low)})"
    interval = f"({_figure(low)}–{_figure(high)})"
    if one.verdict == "faster":
        return f"{factor(one.speedup)} {interval}"
    if one.verdict == "no_difference":
        return f"no difference {interval}" if is_surely_as_fast(one) else f"no difference shown {interval}"
    return f"{one.verdict.replace('_', ' ')} {interval}"


def outputs(one: Comparison) -> str:
    """Whether the outputs are the same and how near, and what much memory the call takes."""
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
    """Why recipes were not tried, and their titles, for those that could be."""
    reasons: dict[str, list[str]] = {}
    for one in comparisons:
        if one.verdict == "not_tried":
            reasons.setdefault(one.reason, []).append(one.title)
        elif one.verdict == "not_applicable" and PIP in one.reason:
            packages = one.reason.partition(PIP)[2]
            reasons.setdefault("not installed here", []).append(f"{one.title} (pip install {packages})")
    return list(reasons.items())


def scaling_lines(report: ReportContent) -> list[str]:
    """What a call, a batch and a row cost now and with the best change, and where they meet."""
    scaling = report.scaling
    if scaling is None:
        return []
    lines = [f"now: {costs(scaling.original)}", f"{scaling.best.title}: {costs(scaling.best)}"]
    return [*lines, meeting(scaling)]


def costs(model: CostModel) -> str:
    """The fitted costs in a few words."""
    parts = [f"{milliseconds(model.fixed_ns)} ms a call"]
    if model.batch_ns is not None:
        parts.append(f"{milliseconds(model.batch_ns)} ms a batch")
    parts.append(f"{milliseconds(model.row_ns)} ms a row")
    return ", ".join(parts)


def meeting(scaling: Scaling) -> str:
    """Below which number of rows the best change is faster."""
    measured = max(point.rows for point in scaling.original.points)
    title = scaling.best.title
    if scaling.crossover_rows is None:
        return f"{title} is faster whatever the number of rows (measured up to {measured:,})"
    if scaling.crossover_rows <= 1:
        return "the original call is as fast for any number of rows"
    beyond = "" if scaling.crossover_rows <= measured else f", beyond the {measured:,} that were measured"
    return f"below {scaling.crossover_rows:,} rows use {title}{beyond}"

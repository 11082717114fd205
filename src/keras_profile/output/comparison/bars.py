"""The phases' differences as bars from a common zero, each with its interval."""

from __future__ import annotations

from ...analysis.differences.headline import signed
from ...model.comparison import ComparisonContent, PhaseDifference
from ...number_words import plural
from ..markup import Child, Markup, element

#: The height of a row and the baseline of its text, in px.
_ROW, _BASELINE = 26, 17
#: The parts of the width: names, and figures; bars are between them.
_NAMES, _FIGURES = 24.0, 20.0
#: Phases with less of the largest difference have no row.
_LEAST = 0.01


def section(content: ComparisonContent) -> Markup | None:
    """The bars with their heading."""
    largest = max((_reach(one) for one in content.phases), default=0)
    if not largest:
        return None
    shown = [
        one
        for one in content.phases
        if abs(one.difference_ns) >= _LEAST * largest or one.verdict in ("slower", "faster")
    ]
    rest = len(content.phases) - len(shown)
    others = f" {plural(rest, 'phase')} with hardly a difference not shown." if rest else ""
    return element(
        "section",
        {},
        element("h2", {}, "Where the difference is"),
        element(
            "p",
            {"class": "quiet"},
            "Each bar is the difference of a phase; together they are that of the call."
            f"{_about(content)}{others}",
        ),
        element(
            "svg",
            {
                "class": "bars",
                "height": str(_ROW * (len(shown) + 1)),
                "role": "img",
                "aria-label": "Differences of phases, as in comparison.md",
            },
            [_row(number, one, largest) for number, one in enumerate(shown)],
            _total(content, len(shown)),
        ),
    )


def _about(content: ComparisonContent) -> str:
    if all(one.difference_ci99_ns is None for one in content.phases):
        return ""
    return (
        " A line shows its interval: a phase whose line crosses zero does not surely differ; its bar is grey."
    )


def _row(number: int, one: PhaseDifference, largest: int) -> list[Child]:
    top = number * _ROW
    middle = top + _ROW / 2
    zero, end = _x(0, largest), _x(one.difference_ns, largest)
    left, right = sorted((zero, end))
    parts: list[Child] = [
        _text("0", top, one.phase),
        element(
            "rect",
            {
                "x": f"{left:.3f}%",
                "y": str(top + 5),
                "width": f"{max(right - left, 0.1):.3f}%",
                "height": str(_ROW - 10),
                "class": one.verdict,
            },
        ),
        _line(zero, zero, top, top + _ROW, "zero"),
    ]
    if one.difference_ci99_ns is not None:
        low, high = (_x(bound, largest) for bound in one.difference_ci99_ns)
        parts.append(_line(low, high, middle, middle))
    return [*parts, _text(f"{100 - _FIGURES + 1:.1f}%", top, signed(one.difference_ns), "amount")]


def _total(content: ComparisonContent, row: int) -> list[Child]:
    top = row * _ROW
    total = content.total
    return [
        _text("0", top, "the call"),
        _text(f"{100 - _FIGURES + 1:.1f}%", top, signed(total.difference_ns), "amount"),
    ]


def _reach(one: PhaseDifference) -> int:
    bounds = one.difference_ci99_ns or (0, 0)
    return max(abs(one.difference_ns), abs(bounds[0]), abs(bounds[1]))


def _x(ns: int, largest: int) -> float:
    """Where a difference is on the scale, in percent of the width."""
    middle = _NAMES + (100 - _NAMES - _FIGURES) / 2
    return middle + ns / largest * (100 - _NAMES - _FIGURES) / 2


def _text(x: str, top: int, text: str, kind: str | None = None) -> Markup:
    return element("text", {"x": x, "y": str(top + _BASELINE), "class": kind}, text)


def _line(x1: float, x2: float, y1: float, y2: float, kind: str | None = None) -> Markup:
    return element(
        "line",
        {"x1": f"{x1:.3f}%", "x2": f"{x2:.3f}%", "y1": f"{y1:g}", "y2": f"{y2:g}", "class": kind},
    )

"""Differences as bars from a common zero, each with its interval: of phases, or of a program's lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...analysis.differences.headline import signed
from ...model.comparison import ComparisonContent, ProgramComparisonContent
from ...number_words import plural
from ..markup import Child, Markup, element

#: The height of a row and the baseline of its text, in px.
_ROW, _BASELINE = 26, 17
#: The parts of the width: names, and figures; bars are between them.
_NAMES, _FIGURES = 24.0, 20.0
#: Phases with less of the largest difference have no row.
_LEAST = 0.01


@dataclass(frozen=True)
class Bar:
    """A difference with its name; ``kind`` is what colours it, ``ci_ns`` the interval if there is one."""

    name: str
    difference_ns: int
    kind: str
    ci_ns: tuple[int, int] | None = None


def of_phases(content: ComparisonContent) -> Markup | None:
    """The bars of a call's phases, with their heading."""
    bars = [Bar(one.phase, one.difference_ns, one.verdict, one.difference_ci99_ns) for one in content.phases]
    about = "Each bar is the difference of a phase; together they are that of the call."
    if any(one.ci_ns is not None for one in bars):
        about += (
            " A line shows its interval: a phase whose line crosses zero does not surely differ; "
            "its bar is grey."
        )
    return _section(about, bars, "phase", Bar("the call", content.total.difference_ns, ""))


def of_lines(content: ProgramComparisonContent) -> Markup | None:
    """The bars of a program's lines, with their heading."""
    whole = content.after_wall_ns - content.before_wall_ns
    bars = [Bar(one.name, one.after_ns - one.before_ns, "indication") for one in content.lines]
    bars.append(Bar(REST, whole - sum(one.difference_ns for one in bars), "indication"))
    about = (
        "Each bar is the difference of all calls of a line. The last is the rest of the program, with the "
        "lines that only one of the two has. "
        "Lines that ran at the same time, in threads, can together differ by more than the program."
    )
    return _section(about, bars, "line", Bar("the program", whole, ""))


#: What is not in a line that both programs have.
REST = "everything else"


def _section(about: str, bars: Sequence[Bar], what: str, total: Bar) -> Markup | None:
    largest = max((_reach(one) for one in bars), default=0)
    if not largest:
        return None
    shown = [
        one
        for one in bars
        if abs(one.difference_ns) >= _LEAST * largest or one.kind in ("slower", "faster") or one.name == REST
    ]
    rest = len(bars) - len(shown)
    others = f" {plural(rest, what)} with hardly a difference not shown." if rest else ""
    return element(
        "section",
        {},
        element("h2", {}, "Where the difference is"),
        element("p", {"class": "quiet"}, about + others),
        element(
            "svg",
            {
                "class": "bars",
                "height": str(_ROW * (len(shown) + 1)),
                "role": "img",
                "aria-label": f"Differences of each {what}, as in comparison.md",
            },
            [_row(number, one, largest) for number, one in enumerate(shown)],
            _total(total, len(shown)),
        ),
    )


def _row(number: int, one: Bar, largest: int) -> list[Child]:
    top = number * _ROW
    middle = top + _ROW / 2
    zero, end = _x(0, largest), _x(one.difference_ns, largest)
    left, right = sorted((zero, end))
    parts: list[Child] = [
        _name(one.name, top),
        element(
            "rect",
            {
                "x": f"{left:.3f}%",
                "y": str(top + 5),
                "width": f"{max(right - left, 0.1):.3f}%",
                "height": str(_ROW - 10),
                "class": one.kind,
            },
        ),
        _line(zero, zero, top, top + _ROW, "zero"),
    ]
    if one.ci_ns is not None:
        low, high = (_x(bound, largest) for bound in one.ci_ns)
        parts.append(_line(low, high, middle, middle))
    return [*parts, _text(f"{100 - _FIGURES + 1:.1f}%", top, signed(one.difference_ns), "amount")]


def _total(total: Bar, row: int) -> list[Child]:
    top = row * _ROW
    return [
        _name(total.name, top),
        _text(f"{100 - _FIGURES + 1:.1f}%", top, signed(total.difference_ns), "amount"),
    ]


def _reach(one: Bar) -> int:
    return max(abs(one.difference_ns), *(abs(bound) for bound in one.ci_ns or (0, 0)))


def _x(ns: int, largest: int) -> float:
    """Where a difference is on the scale, in percent of the width."""
    middle = _NAMES + (100 - _NAMES - _FIGURES) / 2
    return middle + ns / largest * (100 - _NAMES - _FIGURES) / 2


def _name(text: str, top: int) -> Markup:
    """A name, which is cut off where the bars begin; its title is whole."""
    return element(
        "svg",
        {"x": "0", "y": str(top), "width": f"{_NAMES - 1:g}%", "height": str(_ROW)},
        element("title", {}, text),
        _text("0", 0, text),
    )


def _text(x: str, top: int, text: str, kind: str | None = None) -> Markup:
    return element("text", {"x": x, "y": str(top + _BASELINE), "class": kind}, text)


def _line(x1: float, x2: float, y1: float, y2: float, kind: str | None = None) -> Markup:
    return element(
        "line",
        {"x1": f"{x1:.3f}%", "x2": f"{x2:.3f}%", "y1": f"{y1:g}", "y2": f"{y2:g}", "class": kind},
    )

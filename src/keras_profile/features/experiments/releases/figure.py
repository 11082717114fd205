"""One call over several releases or commits, as a figure: a bar for each, a segment for each phase.

The figure is one SVG file without external references. It follows the reader's choice of
dark or light. The colours are those of the page. Each segment has a letter, so that it can
be identified without colour, and its phase and time as a tooltip.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ....number_words import milliseconds
from ....output.html.palette import colours, phase_colours
from ....output.markup import Child, Markup, element, join
from ....output.words.printable import beginning
from .history import CallCost, History, Release
from .shown_phases import OTHER, folded, measured, model_phases, shown_phases
from .summary import headline, state_name, title

#: How many phases of the fixed cost are shown.
_MOST_SHOWN = 8
#: Which colours of the page are used for what.
_RULES = (
    ".page {{ fill: {surface} }} .text {{ fill: {text} }} .faint {{ fill: {faint} }} "
    ".line {{ stroke: {rule} }} .interval {{ stroke: {text}; stroke-width: 1.5 }} "
    ".segment, .hatch, .beside {{ stroke: {surface} }}"
)
_STYLE = f"""
{_RULES.format(**colours())}
@media (prefers-color-scheme: dark) {{
{_RULES.format(**colours(dark=True))}
}}
text {{ font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 12px }}
.beside {{ paint-order: stroke; stroke-width: 4px; stroke-linejoin: round }}
.title {{ font-size: 15px; font-weight: 600 }} .name {{ font-weight: 600 }} .inside {{ font-size: 11px }}
"""

#: Sizes in pixels. A letter of text is at most as wide as the last two.
_WIDTH, _LEFT, _RIGHT, _TOP = 960, 220, 150, 92
_LEGEND_COLUMNS, _LEGEND_ROW, _ROW, _BAR = 4, 20, 46, 24
_LETTER, _LETTER_INSIDE = 7.2, 6.6
#: How many letters of a release's name fit next to its bar.
_NAME_LETTERS = (_LEFT - 24) // 7
#: How many of a commit: words have wider letters than versions.
_COMMIT_LETTERS = (_LEFT - 24) // 8
#: The approximate number of marks on the axis.
_MARKS = 6


@dataclass(frozen=True)
class _Shade:
    """How a phase is shown: its letter, its colour, and whether it is hatched."""

    phase: str
    letter: str
    fill: str
    hatched: bool


def render_figure(content: History) -> str:
    """Returns the figure as the text of an SVG file, without releases that were not measured."""
    rows = measured(content)
    shades = _shades(content)
    top = _TOP + _LEGEND_ROW * math.ceil(len(shades) / _LEGEND_COLUMNS)
    height = top + _ROW * len(rows) + 44
    highest = max((max(call.median_ns, call.median_ci95_ns[1]) for _, call in rows), default=1)
    scale = (_WIDTH - _LEFT - _RIGHT) / max(highest, 1)
    about = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {_WIDTH} {height}",
        "width": str(_WIDTH),
        "height": str(height),
        "role": "img",
    }
    parts: list[Child] = [
        element("title", {}, title(content)),
        element("style", {}, Markup(_STYLE)),
        _hatching(),
        element("rect", {"class": "page", "width": str(_WIDTH), "height": str(height)}),
        _write(16, 28, title(content), "text title"),
        _write(16, 48, f"{headline(content)}: the median call, in ms", "faint"),
        _write(
            16,
            66,
            "hatched: the model runs; the rest is fixed cost. "
            "The line below a bar is the 95% interval of its median",
            "faint",
        ),
        *_legend(shades),
        *_axis(top, top + _ROW * len(rows), highest, scale),
    ]
    for number, (release, call) in enumerate(rows):
        parts += _bar(top + 8 + _ROW * number, release, call, shades, scale)
    return element("svg", about, join(["", *parts, ""], "\n")).text + "\n"


def _shades(content: History) -> list[_Shade]:
    """Returns the phases that run the model, next to the axis, then the phases of the fixed cost."""
    fills = phase_colours()
    phases = [(phase, True) for phase in model_phases(content)]
    phases += [(phase, False) for phase in shown_phases(content, _MOST_SHOWN)]
    phases.append((OTHER, False))
    return [
        _Shade(phase, chr(ord("A") + number), fills.get(phase, fills["unattributed"]), hatched)
        for number, (phase, hatched) in enumerate(phases)
    ]


def _hatching() -> Markup:
    line = element("line", {"class": "hatch", "y2": "6", "stroke-width": "3"})
    about = {
        "id": "hatching",
        "width": "6",
        "height": "6",
        "patternUnits": "userSpaceOnUse",
        "patternTransform": "rotate(45)",
    }
    return element("defs", {}, element("pattern", about, line))


def _legend(shades: list[_Shade]) -> Iterator[Markup]:
    for number, shade in enumerate(shades):
        row, column = divmod(number, _LEGEND_COLUMNS)
        x, y = 16 + column * (_WIDTH - 32) // _LEGEND_COLUMNS, 80 + row * _LEGEND_ROW
        yield _segment("swatch", x, y, 20, 15, shade)
        yield _write(x + 10, y + 12, shade.letter, "inside", "middle", _ink(shade.fill))
        yield _write(x + 26, y + 12, shade.phase, "text")


def _axis(top: float, bottom: float, highest: int, scale: float) -> Iterator[Markup]:
    step = _nice_step(highest / 1e6 / _MARKS)
    for mark in range(int(highest / 1e6 / step) + 1):
        x = _LEFT + mark * step * 1e6 * scale
        yield _line("line", x, top, x, bottom)
        yield _write(x, bottom + 18, f"{mark * step:g}", "faint", "middle")
    yield _write(_WIDTH - _RIGHT + 8, bottom + 18, "ms per call", "faint")


def _bar(
    y: float,
    release: Release,
    call: CallCost,
    shades: list[_Shade],
    scale: float,
) -> Iterator[Markup]:
    environment = release.environment.facts
    yield _write(
        _LEFT - 10,
        y + 11,
        beginning(state_name(release), _COMMIT_LETTERS if release.commit else _NAME_LETTERS),
        "text name",
        "end",
    )
    below = f"Python {environment.python or ''}, {call.calls} calls"
    yield _write(_LEFT - 10, y + 26, beginning(below, _NAME_LETTERS), "faint", "end")
    if call.division is None:
        parts, of_bar = [call.median_ns], [_Shade("not divided", "", shades[-1].fill, False)]
        fixed = ""
    else:
        parts, of_bar = folded(call.division, [shade.phase for shade in shades[:-1]]), shades
        fixed = f", fixed {milliseconds(call.division.fixed_ns)}"
    total, left = 0, _LEFT * 1.0
    for shade, ns in zip(of_bar, parts):
        total += ns
        # From rounded edge to rounded edge, so that the segments sum to the bar.
        right = round(_LEFT + total * scale, 2)
        if right > left:
            tooltip = element("title", {}, f"{shade.phase}: {milliseconds(ns)} ms")
            yield _segment("segment", left, y, right - left, _BAR, shade, tooltip)
            label = _fitting(shade, ns, right - left)
            if label:
                yield _write((left + right) / 2, y + 16, label, "inside", "middle", _ink(shade.fill))
        left = right
    low, high = (_LEFT + bound * scale for bound in call.median_ci95_ns)
    middle = y + _BAR + 5
    yield _line("interval", low, middle, high, middle)
    for end in (low, high):
        yield _line("interval", end, middle - 3, end, middle + 3)
    beside = _LEFT + max(total, call.median_ci95_ns[1]) * scale
    yield _write(beside + 8, y + 16, f"{milliseconds(call.median_ns)}{fixed}", "text beside")


def _segment(
    kind: str,
    x: float,
    y: float,
    width: float,
    height: float,
    shade: _Shade,
    tooltip: Markup | None = None,
) -> Markup:
    place = {"x": _number(x), "y": _number(y), "width": _number(width), "height": _number(height)}
    hatching = {**place, "fill": "url(#hatching)", "fill-opacity": "0.3"}
    return element(
        "g",
        {},
        element("rect", {"class": kind, **place, "fill": shade.fill}),
        element("rect", hatching) if shade.hatched else None,
        tooltip,
    )


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    ends = {"x1": _number(x1), "x2": _number(x2), "y1": _number(y1), "y2": _number(y2)}
    return element("line", {"class": kind, **ends})


def _fitting(shade: _Shade, ns: int, width: float) -> str:
    """Returns the longest label that fits into a segment."""
    figure = milliseconds(ns)
    return next(
        (
            label
            for label in (f"{shade.phase} {figure}", f"{shade.letter} {figure}", shade.letter)
            if len(label) * _LETTER_INSIDE + 4 <= width
        ),
        "",
    )


def _ink(fill: str) -> str:
    """Returns black or white, whichever is easier to read on ``fill``, by relative luminance.

    >>> _ink("#ffffff"), _ink("#000000")
    ('#000000', '#ffffff')
    """
    channels = [int(fill[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (luminance + 0.05) ** 2 > 0.05 * 1.05 else "#ffffff"


def _nice_step(least: float) -> float:
    """Returns the smallest of 1, 2, 5, 10, 20, … that is at least ``least``.

    >>> _nice_step(13), _nice_step(0.03), _nice_step(5)
    (20.0, 0.05, 5.0)
    """
    power: float = 10.0 ** math.floor(math.log10(least))
    return next(round(factor * power, 12) for factor in (1, 2, 5, 10) if factor * power >= least * 0.999999)


def _write(
    x: float,
    y: float,
    text: str,
    kind: str,
    anchor: str = "start",
    fill: str | None = None,
) -> Markup:
    about = {"class": kind, "x": _number(x), "y": _number(y), "text-anchor": anchor, "fill": fill}
    return element("text", about, text)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")

"""One workload over several releases, as a figure: a bar for each, a segment for each phase.

The figure is one SVG file without outside references. It follows the reader's choice of
dark or light. Each segment has a letter, so that it can be told apart without colour,
and its phase and time as a tooltip.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from xml.etree import ElementTree

from ....output import words
from .history import CallCost, History, Release
from .shown_phases import OTHER, folded, measured, model_phases, shown_phases
from .summary import TITLE, headline

#: Fills, of one lightness, that stand out from a white and from a black page. The phases
#: that are shown get them in the order of a call.
_FILLS = ("#3b82c4", "#d9822b", "#8e63b8", "#c94f4f", "#2a9d9a", "#b8860b", "#d1619f", "#6b7f2a")
_MODEL_FILLS, _OTHER_FILL = ("#2e9e5b", "#7cb342"), "#8a8f98"
#: Colours of the page, of text, and of lines, in light and in dark.
_STYLE = """
.page { fill: #ffffff } .text { fill: #1f2328 } .faint { fill: #59636e }
.line { stroke: #d1d9e0 } .interval { stroke: #1f2328 } .segment, .hatch, .beside { stroke: #ffffff }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117 } .text { fill: #f0f6fc } .faint { fill: #9198a1 }
.line { stroke: #3d444d } .interval { stroke: #f0f6fc } .segment, .hatch, .beside { stroke: #0d1117 }
}
text { font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 12px }
.beside { paint-order: stroke; stroke-width: 4px; stroke-linejoin: round }
.title { font-size: 15px; font-weight: 600 } .name { font-weight: 600 } .inside { font-size: 11px }
"""

#: Sizes in pixels. A letter of text is at most this wide.
_WIDTH, _LEFT, _RIGHT, _TOP = 960, 220, 150, 92
_LEGEND_COLUMNS, _LEGEND_ROW, _ROW, _BAR = 4, 20, 46, 24
_LETTER, _LETTER_INSIDE = 7.2, 6.6
#: Letters of a release's name that fit beside its bar.
_NAME_LETTERS = (_LEFT - 24) // 7
#: About how many marks the axis has.
_MARKS = 6
#: What XML does not allow in any spelling, beyond control characters.
_NOT_XML = re.compile("[^\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class _Shade:
    """How a phase is shown: its letter, its colour, whether hatched."""

    phase: str
    letter: str
    fill: str
    hatched: bool


def render_figure(content: History) -> str:
    """The figure as the text of an SVG file. Releases that were not measured are not in it."""
    rows = measured(content)
    shades = _shades(content)
    top = _TOP + _LEGEND_ROW * math.ceil(len(shades) / _LEGEND_COLUMNS)
    height = top + _ROW * len(rows) + 44
    figure = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_WIDTH} {height}",
            "width": str(_WIDTH),
            "height": str(height),
            "role": "img",
        },
    )
    _add(figure, "title").text = TITLE
    _add(figure, "style").text = _STYLE
    _add_hatching(figure)
    _add(figure, "rect", {"class": "page", "width": str(_WIDTH), "height": str(height)})
    _write(figure, 16, 28, TITLE, "text title")
    _write(figure, 16, 48, f"{headline(content)}: the median call, in ms", "faint")
    _write(
        figure,
        16,
        66,
        "hatched: the model runs; all else is fixed cost. "
        "The line below a bar is the 95% interval of its median",
        "faint",
    )
    _add_legend(figure, shades)
    highest = max((max(call.median_ns, call.median_ci95_ns[1]) for _, call in rows), default=1)
    scale = (_WIDTH - _LEFT - _RIGHT) / max(highest, 1)
    _add_axis(figure, top, top + _ROW * len(rows), highest, scale)
    for number, (release, call) in enumerate(rows):
        _add_bar(figure, top + 8 + _ROW * number, release, call, shades, scale)
    ElementTree.indent(figure)
    return ElementTree.tostring(figure, encoding="unicode") + "\n"


def _shades(content: History) -> list[_Shade]:
    """What runs the model, next to the axis; then the phases of the fixed cost."""
    shown = shown_phases(content, len(_FILLS))
    phases = [(phase, fill, True) for phase, fill in zip(model_phases(content), _MODEL_FILLS)]
    phases += [(phase, fill, False) for phase, fill in zip(shown, _FILLS)]
    phases.append((OTHER, _OTHER_FILL, False))
    return [
        _Shade(phase, chr(ord("A") + number), fill, hatched)
        for number, (phase, fill, hatched) in enumerate(phases)
    ]


def _add_hatching(figure: ElementTree.Element) -> None:
    pattern = _add(
        _add(figure, "defs"),
        "pattern",
        {
            "id": "hatching",
            "width": "6",
            "height": "6",
            "patternUnits": "userSpaceOnUse",
            "patternTransform": "rotate(45)",
        },
    )
    _add(pattern, "line", {"class": "hatch", "y2": "6", "stroke-width": "3"})


def _add_legend(figure: ElementTree.Element, shades: list[_Shade]) -> None:
    for number, shade in enumerate(shades):
        row, column = divmod(number, _LEGEND_COLUMNS)
        x, y = 16 + column * (_WIDTH - 32) // _LEGEND_COLUMNS, 80 + row * _LEGEND_ROW
        _add_segment(figure, "swatch", x, y, 20, 15, shade)
        _write(figure, x + 10, y + 12, shade.letter, "inside", "middle", _ink(shade.fill))
        _write(figure, x + 26, y + 12, shade.phase, "text")


def _add_axis(figure: ElementTree.Element, top: float, bottom: float, highest: int, scale: float) -> None:
    step = _nice_step(highest / 1e6 / _MARKS)
    for mark in range(int(highest / 1e6 / step) + 1):
        x = _LEFT + mark * step * 1e6 * scale
        _add(
            figure,
            "line",
            {"class": "line", "x1": _number(x), "x2": _number(x), "y1": _number(top), "y2": _number(bottom)},
        )
        _write(figure, x, bottom + 18, f"{mark * step:g}", "faint", "middle")
    _write(figure, _WIDTH - _RIGHT + 8, bottom + 18, "ms a call", "faint")


def _add_bar(
    figure: ElementTree.Element,
    y: float,
    release: Release,
    call: CallCost,
    shades: list[_Shade],
    scale: float,
) -> None:
    environment = release.environment.facts
    _write(figure, _LEFT - 10, y + 11, _short(words.release(environment)), "text name", "end")
    _write(
        figure,
        _LEFT - 10,
        y + 26,
        _short(f"Python {environment.python or ''}, {call.calls} calls"),
        "faint",
        "end",
    )
    if call.division is None:
        parts, of_bar = [call.median_ns], [_Shade("not divided", "", _OTHER_FILL, False)]
        fixed = ""
    else:
        parts, of_bar = folded(call.division, [shade.phase for shade in shades[:-1]]), shades
        fixed = f", fixed {words.milliseconds(call.division.fixed_ns)}"
    total, left = 0, _LEFT * 1.0
    for shade, ns in zip(of_bar, parts):
        total += ns
        # From rounded edge to rounded edge, so that the segments sum to the bar.
        right = round(_LEFT + total * scale, 2)
        if right > left:
            segment = _add_segment(figure, "segment", left, y, right - left, _BAR, shade)
            _add(segment, "title").text = _xml(f"{shade.phase}: {words.milliseconds(ns)} ms")
            label = _fitting(shade, ns, right - left)
            if label:
                _write(figure, (left + right) / 2, y + 16, label, "inside", "middle", _ink(shade.fill))
        left = right
    _add_interval(figure, y + _BAR + 5, call, scale)
    end = _LEFT + max(total, call.median_ci95_ns[1]) * scale
    _write(figure, end + 8, y + 16, f"{words.milliseconds(call.median_ns)}{fixed}", "text beside")


def _add_segment(
    figure: ElementTree.Element,
    kind: str,
    x: float,
    y: float,
    width: float,
    height: float,
    shade: _Shade,
) -> ElementTree.Element:
    place = {"x": _number(x), "y": _number(y), "width": _number(width), "height": _number(height)}
    group = _add(figure, "g")
    _add(group, "rect", {"class": kind, **place, "fill": shade.fill})
    if shade.hatched:
        _add(group, "rect", {**place, "fill": "url(#hatching)", "fill-opacity": "0.3"})
    return group


def _add_interval(figure: ElementTree.Element, y: float, call: CallCost, scale: float) -> None:
    low, high = (_number(_LEFT + bound * scale) for bound in call.median_ci95_ns)
    for x1, x2, y1, y2 in ((low, high, y, y), (low, low, y - 3, y + 3), (high, high, y - 3, y + 3)):
        _add(
            figure,
            "line",
            {
                "class": "interval",
                "x1": x1,
                "x2": x2,
                "y1": _number(y1),
                "y2": _number(y2),
                "stroke-width": "1.5",
            },
        )


def _fitting(shade: _Shade, ns: int, width: float) -> str:
    """The longest label that fits into a segment."""
    figure = words.milliseconds(ns)
    return next(
        (
            label
            for label in (f"{shade.phase} {figure}", f"{shade.letter} {figure}", shade.letter)
            if len(label) * _LETTER_INSIDE + 4 <= width
        ),
        "",
    )


def _ink(fill: str) -> str:
    """Black or white, whichever is read better on ``fill``: by relative luminance.

    >>> _ink("#ffffff"), _ink("#000000")
    ('#000000', '#ffffff')
    """
    channels = [int(fill[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (luminance + 0.05) ** 2 > 0.05 * 1.05 else "#ffffff"


def _nice_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, … that is no less than ``least``.

    >>> _nice_step(13), _nice_step(0.03), _nice_step(5)
    (20.0, 0.05, 5.0)
    """
    power: float = 10.0 ** math.floor(math.log10(least))
    return next(round(factor * power, 12) for factor in (1, 2, 5, 10) if factor * power >= least * 0.999999)


def _write(
    figure: ElementTree.Element,
    x: float,
    y: float,
    text: str,
    kind: str,
    anchor: str = "start",
    fill: str | None = None,
) -> None:
    ink = {} if fill is None else {"fill": fill}
    _add(
        figure, "text", {"class": kind, "x": _number(x), "y": _number(y), "text-anchor": anchor, **ink}
    ).text = _xml(text)


def _add(
    parent: ElementTree.Element,
    tag: str,
    attributes: dict[str, str] | None = None,
) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, attributes or {})


def _short(text: str) -> str:
    """Cut to what fits beside a bar."""
    return text if len(text) <= _NAME_LETTERS else text[: _NAME_LETTERS - 1] + "…"


def _xml(text: str) -> str:
    """``text`` without what XML does not allow; the rest is escaped where it is written."""
    return _NOT_XML.sub("", words.printable(text))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")

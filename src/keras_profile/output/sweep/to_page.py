"""The page of a sweep: the best configurations, who wins where, what each factor changes, all cells.

A document without a script, of the style of other pages; nothing is loaded. It is written again after each
cell, so it can be read while the sweep runs.
"""

from __future__ import annotations

import math
from functools import cache
from importlib import resources

from ...model.sweep import CrossoverMap, LevelEffect, MapPlace, SweepCell, SweepContent
from ...number_words import milliseconds, multiple, percent
from ..html.palette import style_sheet
from ..markup import Child, Markup, element
from ..plain_page import bullets, document, table
from . import sweep_words as words

#: From which ratio to the fastest on a place has the next colour.
_SLOW = ((5.0, "slow-3"), (1.5, "slow-2"), (0.0, "slow-1"))
_LEGEND = (
    ("best", "fastest"),
    ("tied", "tied: may be as fast"),
    ("slow-1", "slower"),
    ("slow-2", "1.5 times as long or more"),
    ("slow-3", "5 times as long or more"),
)
#: The picture of effects: height of a row, width of the names, of the figures, in px and percent.
_ROW_PX, _NAMES, _FIGURES = 24, 42, 20


def render(content: SweepContent) -> bytes:
    """The page."""
    return document(content.plan, _style(), "sweep", None, _parts(content))


@cache
def _style() -> str:
    return style_sheet() + resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")


def _parts(content: SweepContent) -> list[Child]:
    notes = [*content.notes, *([words.left_alone(content)] if content.left_alone else [])]
    return [
        element(
            "section",
            {},
            element("h1", {}, f"{content.plan}: {content.headline}"),
            element("p", {}, words.basis(content)) if content.measured else None,
            bullets("sentences", notes),
        ),
        _best(content),
        _maps(content),
        _effects(content),
        _machines(content),
        _cells(content),
    ]


def _best(content: SweepContent) -> Markup | None:
    if not content.best:
        return None
    rows: list[list[Child]] = [
        [
            one.model,
            words.GOALS[one.goal],
            words.settings(one.settings),
            milliseconds(one.median_ns),
            words.milliseconds_between(one.interval_ns),
            words.rows_per_second(one.rows_per_second),
            "; ".join(words.settings(rival.settings) for rival in one.tied_with[:3])
            + (f" and {len(one.tied_with) - 3} more" if len(one.tied_with) > 3 else ""),
            "" if one.next is None else multiple(one.next.ratio, one.next.ratio_ci99),
            element("code", {}, one.code),
        ]
        for one in content.best
    ]
    header = [
        "model",
        "best by",
        "configuration",
        "ms a call",
        "99%",
        "rows",
        "tied with",
        "the next takes",
        "code",
    ]
    shown = table("The best configurations", header, "lllrrrwrl", rows)
    return element("section", {}, element("h2", {}, "The best configurations"), shown)


def _maps(content: SweepContent) -> Markup | None:
    if not content.maps:
        return None
    legend = element(
        "p", {"class": "legend"}, (element("span", {"class": kind}, text) for kind, text in _LEGEND)
    )
    maps = (
        element(
            "div",
            {"class": "map"},
            element("h3", {}, one.held or f"by {one.factor}"),
            bullets("sentences", one.words),
            _map(one),
        )
        for one in content.maps
    )
    return element(
        "section",
        {},
        element("h2", {}, "Who wins where"),
        legend,
        element("div", {"class": "maps"}, maps),
    )


def _map(one: CrossoverMap) -> Markup:
    head = element("tr", {}, element("th", {}, "rows"), (element("th", {}, level) for level in one.levels))
    body = (
        element("tr", {}, element("th", {}, f"{row.rows:,}"), (_place(place) for place in row.places))
        for row in one.rows
    )
    return element(
        "div",
        {"class": "scroller", "role": "region", "aria-label": one.held, "tabindex": "0"},
        element("table", {}, element("thead", {}, head), element("tbody", {}, body)),
    )


def _place(place: MapPlace) -> Markup:
    """A coloured cell, which says the same in words."""
    if place.median_ns is None or place.ratio is None:
        return element("td", {"class": "place absent"}, "not measured" if place.name else "not in the plan")
    if place.ratio == 1 and place.wins:
        kind, text = "best", "fastest"
    elif place.wins:
        kind, text = "tied", f"tied, {multiple(place.ratio, place.ratio_ci99)}"
    else:
        kind = next(name for least, name in _SLOW if place.ratio >= least)
        text = multiple(place.ratio, place.ratio_ci99)
    return element(
        "td",
        {"class": f"place {kind}"},
        f"{milliseconds(place.median_ns)} ms",
        element("small", {}, text),
    )


def _effects(content: SweepContent) -> Markup | None:
    effects = [(one.factor, effect) for one in content.sensitivities for effect in one.effects]
    if not effects:
        return None
    rows = [
        [
            factor,
            effect.level,
            effect.against,
            multiple(effect.ratio, effect.ratio_ci99),
            f"{effect.pairs}",
            f"{effect.lowest:.3g}–{effect.highest:.3g}",
        ]
        for factor, effect in effects
    ]
    header = ["factor", "level", "instead of", "time of a call", "pairs of cells", "lowest–highest"]
    return element(
        "section",
        {},
        element("h2", {}, "What each factor changes, all others equal"),
        _picture([effect for _, effect in effects]),
        table("What each factor changes", header, "lllrrr", rows),
    )


def _picture(effects: list[LevelEffect]) -> Markup:
    """Each effect as a point with its interval, and the range over all pairs, on a logarithmic scale."""
    logs = [
        abs(math.log(value))
        for one in effects
        for value in (*one.ratio_ci99, one.lowest, one.highest)
        if value > 0
    ]
    widest = max(logs, default=0.0) or 1.0

    def x(value: float) -> float:
        middle = _NAMES + (100 - _NAMES - _FIGURES) / 2
        place = math.log(max(value, math.exp(-widest))) / widest
        return middle + max(-1.0, min(1.0, place)) * (100 - _NAMES - _FIGURES) / 2

    boxes: list[Child] = [_line(x(1.0), x(1.0), 0, len(effects) * _ROW_PX)]
    for number, one in enumerate(effects):
        y = number * _ROW_PX + _ROW_PX / 2
        low, high = one.ratio_ci99
        boxes += [
            _text("0%", y, f"{one.level} instead of {one.against}"),
            _line(x(one.lowest), x(one.highest), y, y, "range"),
            _line(x(low), x(high), y, y, "interval"),
            element("circle", {"cx": f"{x(one.ratio):.3f}%", "cy": f"{y:g}", "r": "4"}),
            _text(f"{100 - _FIGURES + 1}%", y, multiple(one.ratio)),
        ]
    label = "How many times as long a call takes; the line in the middle is 1"
    height = str(len(effects) * _ROW_PX)
    shown = {"class": "effects", "height": height, "role": "img", "aria-label": label}
    scroller = {"class": "scroller", "role": "region", "aria-label": "Effects", "tabindex": "0"}
    return element("div", scroller, element("svg", shown, boxes))


def _line(x1: float, x2: float, y1: float, y2: float, kind: str | None = None) -> Markup:
    return element(
        "line",
        {"x1": f"{x1:.3f}%", "x2": f"{x2:.3f}%", "y1": f"{y1:g}", "y2": f"{y2:g}", "class": kind},
    )


def _text(x: str, y: float, text: str) -> Markup:
    return element("text", {"x": x, "y": f"{y + 4:g}"}, text)


def _machines(content: SweepContent) -> Markup | None:
    if not content.machines:
        return None
    rows = [
        [
            machine.name,
            "unknown" if machine.cpu_count is None else str(machine.cpu_count),
            machine.python,
            f"{machine.cells:,}",
            milliseconds(machine.reference_ns),
            percent(machine.spread),
            multiple(machine.ratio),
        ]
        for machine in content.machines
    ]
    header = [
        "machine",
        "processors",
        "Python",
        "measurements",
        "reference call, ms",
        "its spread",
        "to the first",
    ]
    shown = table("Machines", header, "lrlrrrr", rows)
    return element("section", {}, element("h2", {}, "Machines"), shown)


def _cells(content: SweepContent) -> Markup:
    header = ["model", "configuration", "ms a call", "99%", "rows a second", "calls", "machine", "folder"]
    shown = table("All cells", header, "llrrrrll", (_cell(cell) for cell in content.cells))
    return element("section", {}, element("h2", {}, "All cells"), shown)


def _cell(cell: SweepCell) -> list[Child]:
    settings = words.settings(cell.settings)
    if cell.median_ns is None or cell.interval_ns is None or cell.rows_per_second is None:
        state = f"failed: {cell.reason}" if cell.state == "failed" else "not measured yet"
        return [cell.settings.model, [settings, element("br", {}), state], "", "", "", "", "", cell.name]
    return [
        cell.settings.model,
        settings,
        milliseconds(cell.median_ns),
        words.milliseconds_between(cell.interval_ns),
        words.rows_per_second(cell.rows_per_second),
        f"{cell.calls:,}" + (" in 2 measurements" if cell.measurements == 2 else ""),
        cell.machine,
        cell.name,
    ]

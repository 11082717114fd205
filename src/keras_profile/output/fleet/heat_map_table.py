"""Versions × phases as a table whose cells are darker where a phase is slower than in other versions.

Each cell has its figure, and the colours differ in lightness alone, so the map can be read without them.
"""

from __future__ import annotations

from bisect import bisect

from ...model.fleet import HeatMap
from ...number_words import milliseconds
from ..markup import Child, Markup, element

#: A cell is a step darker for each of these ratios to the fastest version that it reaches.
STEPS = (1.1, 1.25, 1.5, 2.0, 3.0)


def section(one: HeatMap) -> Markup:
    """The map with its heading and its legend."""
    title = f"{one.service}: phases of {one.place} by version"
    head = ["version", "since", "recordings", "call", *one.phases]
    fastest = [
        min((row.phase_ns[place] or 0 for row in one.rows if row.phase_ns[place]), default=0)
        for place in range(len(one.phases))
    ]
    fastest_call = min(row.call_ns for row in one.rows)
    rows = [
        element(
            "tr",
            {},
            element("th", {"scope": "row"}, row.version),
            element("td", {}, row.first),
            element("td", {"class": "number"}, f"{row.recordings:,}"),
            _cell(row.call_ns, fastest_call),
            [_cell(ns, least) for ns, least in zip(row.phase_ns, fastest)],
        )
        for row in one.rows
    ]
    header = element("tr", {}, [element("th", {"scope": "col"}, name) for name in head])
    return element(
        "section",
        {},
        element("h2", {}, title),
        element(
            "p", {"class": "quiet"}, "ms in a call, medians. Darker: slower than in the fastest version."
        ),
        _legend(),
        element(
            "div",
            {"class": "scroller", "role": "region", "aria-label": title, "tabindex": "0"},
            element("table", {"class": "heat"}, element("thead", {}, header), element("tbody", {}, rows)),
        ),
    )


def heat(ns: int, fastest: int) -> int:
    """How dark a cell is.

    >>> heat(100, 100), heat(149, 100), heat(151, 100), heat(900, 100)
    (0, 2, 3, 5)
    """
    return bisect(STEPS, ns / max(fastest, 1))


def _cell(ns: int | None, fastest: int) -> Markup:
    if ns is None:
        return element("td", {"class": "number"}, "–")
    return element("td", {"class": f"number heat-{heat(ns, fastest)}"}, milliseconds(ns))


def _legend() -> Markup:
    steps: list[Child] = [
        element("span", {"class": f"heat-{number}"}, f"from {step:g}×")
        for number, step in enumerate(STEPS, 1)
    ]
    return element("p", {"class": "heat-legend"}, steps)

"""The page of a fleet: a document without a script, in the style of other pages; nothing is loaded."""

from __future__ import annotations

from functools import cache
from importlib import resources

from ...model.fleet import ChangedService, FleetChange, FleetContent
from ...number_words import milliseconds, multiple, number
from ..html.palette import style_sheet
from ..markup import Child, Markup, element
from ..plain_page import bullets, document, table
from . import fleet_words as words
from . import heat_map_table

#: Rows of a table that are shown at once.
_SHOWN = 12


def render(content: FleetContent) -> bytes:
    """The page."""
    return document("fleet", _style(), "fleet", words.headline(content), _parts(content))


@cache
def _style() -> str:
    own = resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    return style_sheet() + own


def _parts(content: FleetContent) -> list[Child]:
    return [
        element(
            "section",
            {},
            element("h1", {}, words.summary(content)),
            element(
                "p",
                {"class": "quiet"},
                "Costs are of each service's latest recordings, those of 7 days. A core-hour is the time of "
                "a call on its own thread. Where calls a day are not known, the cost is of 1000 calls.",
            ),
            bullets("notes", content.notes),
        ),
        _causes(content),
        _changes(content),
        _slow_hosts(content),
        _savings(content),
        _costs(content),
        *(heat_map_table.section(one) for one in content.heat_maps),
    ]


def _causes(content: FleetContent) -> Markup | None:
    rows = [[one.title, one.rule, *words.cost_of_cause(one), f"{one.lines:,}"] for one in content.causes]
    header = ["cause", "rule", "core-hours a day", "others: 1000 calls", "services", "lines"]
    return _part("What services pay for", header, "wlrrrr", rows)


def _costs(content: FleetContent) -> Markup | None:
    rows = [
        [
            one.service,
            one.place,
            one.entry,
            one.title,
            *words.cost_of_line(one),
            "" if one.calls_a_day is None else number(one.calls_a_day),
            f"{one.hosts:,}",
        ]
        for one in content.costs
    ]
    header = ["service", "line", "entry", "cause", "core-hours a day", "1000 calls", "of a call"]
    return _part("Lines that pay most", [*header, "calls a day", "hosts"], "lllwrrrrr", rows)


def _savings(content: FleetContent) -> Markup | None:
    rows = [
        [
            one.service,
            one.place,
            one.title + (f", only if {one.condition}" if one.condition else ""),
            words.outputs(one),
            *words.saving(one),
            f"{one.measured:,}",
        ]
        for one in content.savings
    ]
    header = ["service", "line", "change", "outputs", "core-hours a day", "1000 calls", "speed-up"]
    return _part("What measured changes would save", [*header, "measured in"], "llwlrrrr", rows)


def _changes(content: FleetContent) -> Markup:
    scope = words.looked_for(content)
    title = f"What got slower{scope and ' ' + scope}"
    found: list[Child] = [element("h2", {}, title), element("p", {"class": "quiet"}, words.how_sure(content))]
    for direction, none in (("slower", "Nothing got slower."), ("faster", None)):
        members = [one for one in content.changes if one.direction == direction]
        if not members and none:
            found.append(element("p", {}, none))
        if members and direction == "faster":
            found.append(element("h2", {}, "What got faster"))
        found += [_change(one) for one in members]
    return element("section", {}, found)


def _change(one: FleetChange) -> list[Child]:
    header = ["service", "line", "since", "ms before", "ms after", "ratio", "call before", "call after"]
    rows = [_changed(service) for service in one.services]
    return [
        element("h3", {}, words.change(one)),
        table(words.change(one), [*header, "recordings", "version"], "lllrrrrrrl", rows),
    ]


def _changed(one: ChangedService) -> list[Child]:
    versions = f"{one.version_before} → {one.version_after}" if one.version_after else ""
    return [
        one.service,
        one.place,
        one.date,
        milliseconds(one.before_ns),
        milliseconds(one.after_ns),
        multiple(one.after_ns / max(one.before_ns, 1)),
        milliseconds(one.call_before_ns),
        milliseconds(one.call_after_ns),
        f"{one.recordings_before:,} + {one.recordings_after:,}",
        versions if one.version_before != one.version_after else one.version_after,
    ]


def _slow_hosts(content: FleetContent) -> Markup | None:
    rows = [
        [
            one.host,
            one.service,
            one.version,
            one.place,
            multiple(one.ratio),
            f"{one.recordings:,}",
            f"{one.others:,}",
        ]
        for one in content.slow_hosts
    ]
    header = ["host", "service", "version", "line", "beside others", "recordings", "of others"]
    return _part("Slow hosts", header, "llllrrr", rows)


def _part(title: str, header: list[str], alignment: str, rows: list[list[str]]) -> Markup | None:
    if not rows:
        return None
    # A column in which nothing is known is left out.
    kept = [place for place in range(len(header)) if any(row[place] for row in rows)]
    names, letters = [header[place] for place in kept], "".join(alignment[place] for place in kept)
    cells = [[row[place] for place in kept] for row in rows]
    rest = cells[_SHOWN:]
    folded = element(
        "details",
        {},
        element("summary", {}, f"{len(rest):,} more"),
        table(f"{title}, the rest", names, letters, rest),
    )
    first = table(title, names, letters, cells[:_SHOWN])
    return element("section", {}, element("h2", {}, title), first, folded if rest else None)

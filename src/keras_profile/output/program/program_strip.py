"""When a program did what, as a strip for each thread that zooms without a script.

All strips are as wide as a box that scrolls sideways. Radio buttons in front of it set how many
times as wide as the page they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...analysis.program_conclusions import KIND_WORDS
from ...model.program_report import ProgramReport, Timeline, TimelineRow, TimelineSpan
from ...number_words import duration, plural
from ..markup import Child, Markup, element
from ..words import program_words

#: How many times as wide as the page: what page.css has a rule for.
ZOOMS = (1, 6, 36)
#: The most marks of the axis on a page's width; their labels must not touch each other.
_MARKS = 10
#: The height of a strip, in px.
_STRIP = 20
#: Shades by which neighbouring lines are told apart; page.css has them.
_SHADES = 4


def section(report: ProgramReport) -> Markup | None:
    """The strips with their heading; nothing in a report without a timeline."""
    timeline = report.timeline
    if timeline is None or not timeline.rows:
        return None
    last_ns = max(row.end_ns for row in timeline.rows)
    zooms: list[Child] = []
    for zoom in ZOOMS:
        attributes = {"type": "radio", "name": "zoom", "id": f"zoom-{zoom}"}
        zooms.append(element("input", attributes | ({"checked": ""} if zoom == 1 else {})))
        zooms.append(element("label", {"for": f"zoom-{zoom}"}, "all of it" if zoom == 1 else f"{zoom}×"))
    scroller = {"class": "strips scroller", "role": "region", "aria-label": "Timeline", "tabindex": "0"}
    return element(
        "section",
        {"class": "timeline"},
        element("h2", {}, "Over time"),
        element("p", {"class": "quiet"}, _about(timeline)),
        zooms,
        element(
            "div",
            scroller,
            element("div", {"class": "strip-names"}, (_name(report, row) for row in timeline.rows)),
            element(
                "div",
                {"class": "strip-rows"},
                (_strip(report, row, last_ns) for row in timeline.rows),
                (_axis(last_ns, zoom) for zoom in ZOOMS),
            ),
        ),
    )


def _about(timeline: Timeline) -> str:
    sentences = [
        "What each thread did, from the start of the program to its end.",
        "Between the boxes the main thread ran your own code or waited.",
        "Point at a box for its figures. Choose a zoom and scroll sideways.",
    ]
    cells = max(row.in_cells_of_ns for row in timeline.rows)
    if cells:
        sentences.append(
            f"There are too many calls to draw each: a box covers {duration(cells)}, and its height is its "
            "share of that time."
        )
    if timeline.more_threads:
        sentences.append(f"{plural(timeline.more_threads, 'more thread')} did less than these.")
    return " ".join(sentences)


def _name(report: ProgramReport, row: TimelineRow) -> Markup:
    process = f"{row.process} " if len(report.program.processes) > 1 else ""
    return element(
        "span", {"class": "strip-name", "title": f"process {row.process}, {row.thread}"}, process + row.thread
    )


def _strip(report: ProgramReport, row: TimelineRow, last_ns: int) -> Markup:
    whole = max(last_ns, 1)
    track = {
        "class": "track main" if row.is_main else "track",
        "x": _percent(row.begin_ns / whole),
        "width": _percent((row.end_ns - row.begin_ns) / whole),
        "height": "100%",
    }
    return element(
        "svg",
        {"class": "strip", "height": str(_STRIP), "role": "img", "aria-label": _summary(row)},
        element("rect", track),
        _boxes(report, row, whole),
    )


def _boxes(report: ProgramReport, row: TimelineRow, whole: int) -> Iterator[Markup]:
    for one, (x, width, y, height) in zip(row.spans, _places(row, whole)):
        yield element(
            "g",
            {"class": f"kind-{one.kind}" + ("" if one.group is None else f" line-{one.group % _SHADES}")},
            element("rect", {"x": x, "width": width, "y": y, "height": height}),
            element("title", {}, _figures(report, one)),
        )


def _places(row: TimelineRow, whole: int) -> Iterator[tuple[str, str, str, str]]:
    """Where each span is drawn: x, width, y and height.

    Spans of a cell stand on each other, each as high as its share of the cell's time.
    """
    cell_ns, cell, filled = row.in_cells_of_ns, -1, 0.0
    for one in row.spans:
        x = _percent(one.begin_ns / whole)
        if not cell_ns:
            yield x, _percent(one.wall_ns / whole), "0%", "100%"
            continue
        if one.begin_ns != cell:
            cell, filled = one.begin_ns, 0.0
        share = min(one.wall_ns / cell_ns, 1 - filled)
        filled += share
        yield x, _percent(max(one.wall_ns, cell_ns) / whole), _percent(1 - filled), _percent(share)


def _figures(report: ProgramReport, one: TimelineSpan) -> str:
    if one.group is None:
        name = f"{KIND_WORDS[one.kind]} {one.what}".rstrip()
    else:
        name = program_words.group_name(report, report.groups[one.group])
    calls = f"{plural(one.calls, 'call')}, " if one.calls > 1 else ""
    return f"{name}: {calls}{duration(one.wall_ns)}, from {duration(one.begin_ns)} on"


def _summary(row: TimelineRow) -> str:
    """What a row shows, for who sees no picture."""
    times: dict[str, int] = {}
    for one in row.spans:
        times[KIND_WORDS[one.kind]] = times.get(KIND_WORDS[one.kind], 0) + one.wall_ns
    parts = ", ".join(f"{name} {duration(ns)}" for name, ns in times.items())
    return f"{row.thread}: {parts or 'nothing of Keras'}"


def _axis(last_ns: int, zoom: int) -> Markup:
    """The marks of one zoom; page.css shows those of the chosen one."""
    step = _step(last_ns / (_MARKS * zoom))
    marks = (
        element(
            "text",
            {"x": _percent(number * step / max(last_ns, 1)), "y": "14"},
            _moment(number * step, step),
        )
        for number in range(int(last_ns / step) + 1)
        if number * step < 0.98 * last_ns
    )
    attributes = {"class": f"strip axis zoom-{zoom}", "height": str(_STRIP), "aria-hidden": "true"}
    return element("svg", attributes, marks)


def _step(least_ns: float) -> float:
    """The least round number from ``least_ns`` on.

    >>> _step(1.2e9), _step(3e9), _step(0.07)
    (2000000000.0, 5000000000.0, 1.0)
    """
    power: float = 10 ** math.floor(math.log10(max(least_ns, 1)))
    return next(float(power * times) for times in (1, 2, 5, 10) if power * times >= min(least_ns, power * 10))


def _moment(ns: float, step_ns: float) -> str:
    """A time with as many digits as its marks are apart.

    >>> _moment(1.5e9, 5e8), _moment(2e9, 1e9), _moment(2_500_000, 500_000), _moment(0, 5e8)
    ('1.5 s', '2 s', '2.5 ms', '0 s')
    """
    if not ns:
        return "0 s"
    scale, unit = (1e9, "s") if step_ns >= 1e7 else (1e6, "ms")
    digits = max(-math.floor(math.log10(step_ns / scale)), 0)
    return f"{ns / scale:,.{digits}f} {unit}"


def _percent(share: float) -> str:
    return f"{100 * share:.4f}".rstrip("0").rstrip(".") + "%"

"""Building blocks of pages without a script: the document, tables, lists, flame graphs.

They have the style of the page of a report, and load nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .markup import Child, Markup, element, join, prose, source_name

#: The class of a column's cells: to the left, to the right as numbers, wide for sentences.
_KINDS = {"l": None, "r": "number", "w": "wide"}

#: A row's height in a flame graph and the baseline of its text, in px; the most rows that are shown.
ROW_PX, BASELINE_PX, MOST_ROWS = 20, 14, 40


def document(title: str, style: str, name: str, environment: str | None, parts: Iterable[Child]) -> bytes:
    """A page with the bar that all pages have: ``name`` is of what it shows."""
    policy = f"default-src 'none'; style-src '{source_name(style)}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": policy}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "color-scheme", "content": "light dark"}),
        element("title", {}, f"{title} – keras_profile"),
        element("style", {}, Markup(style)),
    )
    top = element(
        "header",
        {"id": "top"},
        element(
            "div",
            {"class": "brand"},
            element("span", {"class": "brand-name"}, "keras_profile"),
            element("bdi", {"class": "brand-recording"}, name),
        ),
        None if environment is None else element("p", {"class": "brand-environment"}, environment),
    )
    body = element("body", {}, top, element("main", {}, join(parts, "\n")))
    page = join([Markup("<!doctype html>"), element("html", {"lang": "en"}, head, body), ""], "\n")
    return page.text.encode("utf-8", "replace")


def table(name: str, header: Sequence[str], alignment: str, rows: Iterable[Sequence[Child]]) -> Markup:
    """A table; keys scroll it where it is wider than the page. ``alignment`` has a letter a column."""
    kinds = [{"class": _KINDS[letter]} for letter in alignment]
    head = element("tr", {}, (element("th", kind, title) for kind, title in zip(kinds, header)))
    body = (element("tr", {}, (element("td", kind, cell) for kind, cell in zip(kinds, row))) for row in rows)
    return element(
        "div",
        {"class": "scroller", "role": "region", "aria-label": name, "tabindex": "0"},
        element("table", {}, element("thead", {}, head), element("tbody", {}, body)),
    )


def bullets(kind: str, lines: Sequence[str]) -> Markup | None:
    """A list of sentences; nothing without any."""
    return (
        element("ul", {"class": kind}, (element("li", {}, prose(line)) for line in lines)) if lines else None
    )


def flame_graph(
    kind: str,
    label: str,
    parents: Sequence[int],
    shares: Sequence[float],
    draw: Callable[[int], tuple[Child, str | None]],
) -> Markup:
    """A call tree as boxes, callers above their callees.

    ``parents`` has for each box the place of the one that it is in, which comes before it; -1 for the first.
    ``shares`` are of the whole width. ``draw`` makes the inside of a box, and its text or None. A box cuts
    off text that is too long, so it fits every width.
    """
    begin, filled, depth = [0.0] * len(parents), [0.0] * len(parents), [0] * len(parents)
    boxes: list[Child] = []
    rows = 1
    for place, (parent, share) in enumerate(zip(parents, shares)):
        if parent >= 0:
            depth[place] = depth[parent] + 1
            begin[place] = begin[parent] + filled[parent]
            filled[parent] += share
        if depth[place] < MOST_ROWS and share > 0:
            rows = max(rows, depth[place] + 1)
            inside, text = draw(place)
            boxes.append(_box(begin[place], share, depth[place], inside, text))
    attributes = {"class": kind, "height": str(rows * ROW_PX), "role": "img", "aria-label": label}
    return element("svg", attributes, boxes)


def _box(begin: float, share: float, depth: int, inside: Child, text: str | None) -> Markup:
    return element(
        "svg",
        {
            "x": f"{100 * begin:.3f}%",
            "y": str(depth * ROW_PX),
            "width": f"{100 * share:.3f}%",
            "height": str(ROW_PX),
        },
        inside,
        None if text is None else element("text", {"x": "4", "y": str(BASELINE_PX)}, text),
    )

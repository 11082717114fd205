"""The page of a comparison: differences of phases as bars, both call trees as one flame graph.

A document without a script, of the style of other pages; nothing is loaded. What chooses the colours is a
pair of radio buttons.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

from ...analysis.attribution.vocabulary import PHASES
from ...analysis.differences.headline import signed
from ...model.comparison import ComparisonContent
from ...number_words import milliseconds
from ..html.palette import style_sheet
from ..markup import Child, Markup, element, join, source_name
from ..words import environment_words
from . import bars, flame, words

_KINDS = {"l": None, "r": "number"}


def render(content: ComparisonContent) -> bytes:
    """The page."""
    style = _style()
    policy = f"default-src 'none'; style-src '{source_name(style)}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": policy}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "color-scheme", "content": "light dark"}),
        element("title", {}, f"{content.before.label} and {content.after.label} – keras_profile"),
        element("style", {}, Markup(style)),
    )
    body = element("body", {}, _top(content), element("main", {}, join(_parts(content), "\n")))
    page = join([Markup("<!doctype html>"), element("html", {"lang": "en"}, head, body), ""], "\n")
    return page.text.encode("utf-8", "replace")


@cache
def _style() -> str:
    own = resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    phases = "".join(f".both-trees .phase-{name} {{ fill: var(--phase-{name}); }}\n" for name in PHASES)
    return style_sheet() + own + phases + flame.colour_rules()


def _top(content: ComparisonContent) -> Markup:
    return element(
        "header",
        {"id": "top"},
        element(
            "div",
            {"class": "brand"},
            element("span", {"class": "brand-name"}, "keras_profile"),
            element("bdi", {"class": "brand-recording"}, "comparison"),
        ),
        element(
            "p", {"class": "brand-environment"}, environment_words.machine(content.after.environment.facts)
        )
        if content.after.environment.as_recorded
        else None,
    )


def _parts(content: ComparisonContent) -> list[Child]:
    return [
        element(
            "section",
            {},
            element("h1", {}, content.headline),
            _sides(content),
            element("p", {}, words.outputs(content.outputs)),
            _list("facts", content.notes),
        ),
        bars.section(content),
        _changes(content),
        flame.section(content),
        _counts(content),
        _internals(content),
    ]


def _sides(content: ComparisonContent) -> Markup:
    total = content.total
    rows = [
        [
            word,
            side.label,
            environment_words.release(side.environment.facts),
            milliseconds(ns),
            f"{side.calls:,}",
        ]
        for word, side, ns in (
            ("before", content.before, total.before_ns),
            ("after", content.after, total.after_ns),
        )
    ]
    return _table("The two sides", ["", "what", "release", "ms a call", "calls"], "lllrr", rows)


def _changes(content: ComparisonContent) -> Markup | None:
    lines = [words.finding(one) for one in content.findings]
    lines += [
        f"{one.title} gains {one.after_speedup:.3g}×, it gained {one.before_speedup:.3g}×"
        for one in content.recipes
        if one.after_speedup and one.before_speedup
    ]
    if not lines:
        return None
    return element("section", {}, element("h2", {}, "Causes that changed"), _list("facts", lines))


def _counts(content: ComparisonContent) -> Markup | None:
    rows = [
        [one.title, *words.before_and_after(one)]
        for one in content.counts
        if (one.before, one.after) != (None, None)
    ]
    if not rows:
        return None
    table = _table("Counts", ["what is counted", "before", "after"], "lrr", rows)
    return element("section", {}, element("h2", {}, "Counts"), table)


def _internals(content: ComparisonContent) -> Markup | None:
    if not content.internals:
        return None
    rows = [
        [one.qualname, one.phase, words.internal(one), signed(one.difference_ns)] for one in content.internals
    ]
    heading = "Internals that run more or less often"
    table = _table(heading, ["internal", "phase", "calls", "time"], "llrr", rows)
    return element("section", {}, element("h2", {}, heading), table)


def _table(label: str, header: Sequence[str], alignment: str, rows: Sequence[Sequence[Child]]) -> Markup:
    kinds = [_KINDS[one] for one in alignment]
    return element(
        "div",
        {"class": "scroller", "tabindex": "0", "role": "region", "aria-label": label},
        element(
            "table",
            {},
            element(
                "thead",
                {},
                element(
                    "tr",
                    {},
                    (
                        element("th", {"class": kind, "scope": "col"}, title)
                        for title, kind in zip(header, kinds)
                    ),
                ),
            ),
            element(
                "tbody",
                {},
                (
                    element(
                        "tr", {}, (element("td", {"class": kind}, cell) for cell, kind in zip(row, kinds))
                    )
                    for row in rows
                ),
            ),
        ),
    )


def _list(kind: str, lines: Sequence[str]) -> Markup | None:
    return element("ul", {"class": kind}, (element("li", {}, line) for line in lines)) if lines else None

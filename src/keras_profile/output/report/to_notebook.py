"""The top part of a report as an HTML fragment for notebooks, without scripts or external files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...model.report import ReportContent
from ...number_words import milliseconds, percent
from ..html.palette import phase_colours
from ..markup import Child, Markup, element, join
from ..words import report_words

_LEFT, _RIGHT = ({"style": f"padding:2px 8px;text-align:{side}"} for side in ("left", "right"))


def render(report: ReportContent, page: Path | None = None) -> str:
    """Headline, phase bar and phase table, and a link to ``page`` if it was written."""
    return summary(report, link_to(page, ": flame graphs")).text


def summary(report: ReportContent, link: Child = None) -> Markup:
    """Headline, phase bar and phase table, notes, and a ``link`` below."""
    attribution = report.attribution
    colours = phase_colours()
    bar = (
        element(
            "span",
            {
                "title": phase.phase,
                "style": f"display:block;min-width:1px;flex:{phase.self_ns} 1 0;"
                f"background:{colours.get(phase.phase, colours['unattributed'])}",
            },
        )
        for phase in attribution.phases
        if phase.self_ns
    )
    rows = [
        _row(
            phase.phase,
            milliseconds(phase.self_ns),
            percent(phase.share),
            element("code", {}, report_words.phase_internals(report, phase)),
        )
        for phase in attribution.phases
    ]
    rows.append(_row("total", milliseconds(attribution.total_ns), "100%", ""))
    header = (element("th", {}, title) for title in ("phase", "ms", "share", "mostly in"))
    return element(
        "div",
        {},
        head(report_words.headline(report), report_words.model_text(report)),
        element("div", {"style": "display:flex;height:18px;gap:1px", "aria-hidden": "true"}, bar),
        element(
            "table",
            {},
            element("thead", {}, element("tr", {}, header)),
            element("tbody", {}, rows),
        ),
        element("p", {}, report_words.calls_text(report)),
        notes(report.notes),
        link,
    )


def head(headline: str, below: str) -> Markup:
    """The answer, and a line below it."""
    return element("p", {}, element("b", {}, headline), element("br", {}), below)


def _row(name: str, time: str, share: str, internals: Child) -> Markup:
    return element(
        "tr",
        {},
        element("td", _LEFT, name),
        element("td", _RIGHT, time),
        element("td", _RIGHT, share),
        element("td", _LEFT, internals),
    )


def notes(lines: Sequence[str]) -> Markup:
    """Notes, a paragraph each."""
    return join(element("p", {}, note) for note in lines)


def link_to(page: Path | None, about: str = "") -> Markup | None:
    """A link to a page, and a description."""
    if page is None:
        return None
    return element("p", {}, element("a", {"href": page.resolve().as_uri()}, str(page)), about)

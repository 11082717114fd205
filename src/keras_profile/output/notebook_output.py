"""The top part of a report as an HTML fragment, for notebooks; nothing is loaded and nothing runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..model.program_report import ProgramReport
from ..model.report import ReportContent
from . import program_words, words
from .html.palette import phase_colours
from .markup import Child, Markup, element, join

_LEFT, _RIGHT = ({"style": f"padding:2px 8px;text-align:{side}"} for side in ("left", "right"))


def render_notebook(report: ReportContent, page: Path | None = None) -> str:
    """Headline, phase bar and phase table, and a link to ``page`` where it was written."""
    return _report(report, _link(page, ": flame graphs")).text


def render_program_notebook(report: ProgramReport, page: Path | None = None) -> str:
    """A program's headline, its groups, the phases of the first one, and a link to ``page``."""
    first = next(filter(None, map(report.of_group, report.groups)), None)
    groups = (
        element(
            "li",
            {},
            program_words.group_line(report, group),
            ([element("br", {}), one.title] for one in group.findings if one.verdict == "found"),
        )
        for group in report.groups
    )
    return element(
        "div",
        {},
        _head(program_words.headline(report), program_words.counts(report)),
        element("ol", {}, groups),
        None if first is None else _report(first, None),
        _notes(report.notes),
        _link(page),
    ).text


def _report(report: ReportContent, link: Child) -> Markup:
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
            words.milliseconds(phase.self_ns),
            words.percent(phase.share),
            element("code", {}, words.phase_internals(report, phase)),
        )
        for phase in attribution.phases
    ]
    rows.append(_row("total", words.milliseconds(attribution.total_ns), "100%", ""))
    header = (element("th", {}, title) for title in ("phase", "ms", "share", "mostly in"))
    return element(
        "div",
        {},
        _head(words.headline(report), f"{words.percent(attribution.model_share)} of it runs your model"),
        element("div", {"style": "display:flex;height:18px;gap:1px", "aria-hidden": "true"}, bar),
        element(
            "table",
            {},
            element("thead", {}, element("tr", {}, header)),
            element("tbody", {}, rows),
        ),
        element("p", {}, words.calls_text(report)),
        _notes(report.notes),
        link,
    )


def _head(headline: str, below: str) -> Markup:
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


def _notes(notes: Sequence[str]) -> Markup:
    return join(element("p", {}, note) for note in notes)


def _link(page: Path | None, about: str = "") -> Markup | None:
    if page is None:
        return None
    return element("p", {}, element("a", {"href": page.resolve().as_uri()}, str(page)), about)

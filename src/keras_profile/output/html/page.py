"""Makes the page: one file, no network, only its own script."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from ...model.drilldown import Views
from ...model.report import ReportContent
from ...number_words import milliseconds, percent
from ..markup import Markup, element, join, source_name
from ..words import report_words
from .layout import lay_out
from .modules import join_modules
from .packing import Columns, pack

STYLE = "page.css"

_PLACE = re.compile(r"\{\{([a-z-]+)\}\}")


def render_html(report: ReportContent, views: Views, above: str = "") -> bytes:
    """The whole page. Every name in it is data: none is markup, none can run.

    ``above`` is the address of the page of the calls' program, if there is one.
    """
    columns = Columns()
    content = lay_out(report, views, columns, above)
    style, script = _source(STYLE), page_script()
    parts = {
        "style-hash": source_name(style),
        "script-hash": source_name(script),
        "style": style,
        "script": script,
        "title": join([f"{report_words.headline(report)} – {report.recording}"]).text,
        "summary": _summary(report).text,
        "data": pack(content, columns),
    }
    # In one pass, so that inserted text cannot act as another placeholder.
    page = _PLACE.sub(lambda place: parts[place[1]], _source("page.html"))
    return page.encode("utf-8", "replace")


@cache
def page_script() -> str:
    """All modules of the page's script as one script."""
    return join_modules("main.js", lambda path: _source(f"script/{path}"))


@cache
def _source(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _summary(report: ReportContent) -> Markup:
    """The answer without a script, for readers and programs that run none."""
    rows = (
        element(
            "tr",
            {},
            element("td", {}, phase.phase),
            element("td", {}, f"{milliseconds(phase.self_ns)} ms"),
            element("td", {}, percent(phase.share)),
        )
        for phase in report.attribution.phases
    )
    return join([element("h1", {}, report_words.headline(report)), element("table", {}, rows)])

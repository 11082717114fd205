"""Puts the page together: one file, no network, no script but its own."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape
from importlib import resources

from ...model.drilldown import Views
from ...model.report import ReportContent
from ...wording import milliseconds, percent
from ..words import report_words
from ..words.printable import printable
from .layout import lay_out
from .modules import join_modules
from .packing import Columns, pack

STYLE = "page.css"

_PLACE = re.compile(r"\{\{([a-z-]+)\}\}")


def render_html(report: ReportContent, views: Views) -> bytes:
    """The whole page. Every name in it is data: none is markup, none can run."""
    columns = Columns()
    content = lay_out(report, views, columns)
    style, script = _source(STYLE), page_script()
    parts = {
        "style-hash": _hash(style),
        "script-hash": _hash(script),
        "style": style,
        "script": script,
        "title": _text(f"{report_words.headline(report)} – {report.recording}"),
        "summary": _summary(report),
        "data": pack(content, columns),
    }
    # In one pass, so that nothing that is put in can be taken for a place of something else.
    page = _PLACE.sub(lambda place: parts[place[1]], _source("page.html"))
    return page.encode("utf-8", "replace")


@cache
def page_script() -> str:
    """All modules of the page's script as one script."""
    return join_modules("main.js", lambda path: _source(f"script/{path}"))


@cache
def _source(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """A source as a content security policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _summary(report: ReportContent) -> str:
    """The answer without any script, for readers and programs that run none."""
    rows = "".join(
        f"<tr><td>{_text(phase.phase)}</td><td>{milliseconds(phase.self_ns)} ms</td>"
        f"<td>{percent(phase.share)}</td></tr>"
        for phase in report.attribution.phases
    )
    return f"<h1>{_text(report_words.headline(report))}</h1><table>{rows}</table>"


def _text(text: str) -> str:
    return escape(printable(text))

"""The top part of a report as an HTML fragment, for notebooks."""

from __future__ import annotations

from html import escape
from pathlib import Path

from ..model.program_report import ProgramReport
from ..model.report import ReportContent
from . import program_words, words
from .html.palette import phase_colours

_CELL = "padding:2px 8px;text-align:"


def render_notebook(report: ReportContent, page: Path | None = None) -> str:
    """Headline, phase bar and phase table, and a link to ``page`` where it was written.

    Every name is escaped; nothing is loaded and nothing runs.
    """
    link = (
        ""
        if page is None
        else (f'<p><a href="{escape(page.resolve().as_uri())}">{escape(str(page))}</a>: flame graphs</p>')
    )
    colours = phase_colours()
    rows = "".join(
        f'<tr><td style="{_CELL}left">{escape(phase.phase)}</td>'
        f'<td style="{_CELL}right">{words.milliseconds(phase.self_ns)}</td>'
        f'<td style="{_CELL}right">{words.percent(phase.share)}</td>'
        f'<td style="{_CELL}left"><code>{escape(words.phase_internals(report, phase))}</code></td></tr>'
        for phase in report.attribution.phases
    )
    bar = "".join(
        f'<span title="{escape(phase.phase)}" style="display:block;min-width:1px;flex:{phase.self_ns} 1 0;'
        f'background:{colours.get(phase.phase, colours["unattributed"])}"></span>'
        for phase in report.attribution.phases
        if phase.self_ns
    )
    notes = "".join(f"<p>{escape(note)}</p>" for note in report.notes)
    return (
        f"<div><p><b>{escape(words.headline(report))}</b><br>"
        f"{words.percent(report.attribution.model_share)} of it runs your model</p>"
        f'<div style="display:flex;height:18px;gap:1px" aria-hidden="true">{bar}</div>'
        "<table><thead><tr><th>phase</th><th>ms</th><th>share</th><th>mostly in</th></tr></thead>"
        f"<tbody>{rows}<tr><td>total</td>"
        f'<td style="{_CELL}right">{words.milliseconds(report.attribution.total_ns)}</td>'
        f'<td style="{_CELL}right">100%</td><td></td></tr></tbody></table>'
        f"<p>{escape(words.calls_text(report))}</p>{notes}{link}</div>"
    )


def render_program_notebook(report: ProgramReport, page: Path | None = None) -> str:
    """A program's headline, its groups, the phases of the dearest, and a link to ``page``."""
    dearest = next(filter(None, map(report.of_group, report.groups)), None)
    top = "" if dearest is None else render_notebook(dearest)
    link = (
        ""
        if page is None
        else (f'<p><a href="{escape(page.resolve().as_uri())}">{escape(str(page))}</a></p>')
    )
    rows = "".join(
        f"<li>{escape(program_words.group_line(report, group))}"
        + "".join(f"<br>{escape(one.title)}" for one in group.findings if one.verdict == "found")
        + "</li>"
        for group in report.groups
    )
    notes = "".join(f"<p>{escape(note)}</p>" for note in report.notes)
    return (
        f"<div><p><b>{escape(program_words.headline(report))}</b><br>"
        f"{escape(program_words.counts(report))}</p><ol>{rows}</ol>{top}{notes}{link}</div>"
    )

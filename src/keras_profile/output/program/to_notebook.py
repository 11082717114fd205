"""The top part of a program's report as an HTML fragment, for notebooks."""

from __future__ import annotations

from pathlib import Path

from ...model.program_report import ProgramReport
from ..markup import Markup, element, prose
from ..report.to_notebook import head, link_to, notes, summary
from ..words import program_words


def _row(row: program_words.PartRow) -> Markup:
    return element("tr", {}, (element("td", {}, cell) for cell in (row.name, row.took, row.of_program)))


def render(report: ProgramReport, page: Path | None = None) -> str:
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
        head(program_words.headline(report), program_words.counts(report)),
        element("ul", {}, (element("li", {}, prose(one)) for one in report.conclusions)),
        element("table", {}, (_row(row) for row in program_words.part_rows(report))),
        element("ol", {}, groups),
        None if first is None else summary(first),
        notes(report.notes),
        link_to(page),
    ).text

"""Outputs of a report: files, text on a terminal, the output of a notebook cell.

A report is of one workload, or of a program with many groups of calls. Callers need not know which: one
table here chooses the writers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from ..analysis.drilldown.assembly import views_of
from ..errors import KerasProfileError
from ..model.program_report import ProgramReport
from ..model.report import ReportContent
from ..recorder.protocol.visible import visible
from ..recordings.opened import OpenedProgram, OpenedRecording
from ..recordings.regular_files import is_there, read_regular
from ..recordings.writing import encode_json, make_folder, refuse_link, write_files
from . import program, report
from .html import render_html
from .pyinstrument_page import render_pyinstrument
from .tensorboard import write_tensorboard
from .terminal import as_text

#: The files of a report. The page shows more than the report has: it needs the recording too.
JSON_FILE, MARKDOWN_FILE, HTML_FILE = "report.json", "report.md", "report.html"

#: How many of a program's groups get their pages with the report, the most expensive first.
#: `open` makes those of the others.
MOST_PAGES = 20


def render_markdown(content: ReportContent | ProgramReport) -> str:
    """The whole report as Markdown; names from the recording are escaped."""
    return visible(_writers(content).markdown(content))


def print_report(content: ReportContent | ProgramReport, console: Console, full: bool = False) -> None:
    """Prints the answer of a report to ``console``: one screen, or everything with ``full``."""
    writers = _writers(content)
    (writers.print_all_to if full else writers.print_to)(content, console)


def report_text(content: ReportContent | ProgramReport, width: int = 100, full: bool = False) -> str:
    """A report as it is printed, as plain text."""
    return as_text(partial(print_report, content, full=full), width)


def render_notebook(content: ReportContent | ProgramReport, page: Path | None = None) -> str:
    """The top part of a report as an HTML fragment, with a link to ``page`` if it was written."""
    return _writers(content).notebook(content, page)


def data_files(content: ReportContent | ProgramReport) -> list[tuple[str, bytes]]:
    """The files of a report without its recording: names and contents."""
    return [(JSON_FILE, encode_json(content)), (MARKDOWN_FILE, render_markdown(content).encode())]


def write_report(
    content: ReportContent | ProgramReport,
    folder: Path,
    opened: OpenedRecording | OpenedProgram | None = None,
    html: bool = True,
    above: str = "",
) -> list[Path]:
    """Writes a report's files into ``folder``, which must exist, and returns their paths.

    With its recording ``opened`` and ``html`` they include the page. A program needs its recording; the
    groups' reports are written too, below the folder.
    """
    page = _writers(content).page(content, folder, opened, html, above)
    files = data_files(content)
    return write_files(folder, files if page is None else [*files, (HTML_FILE, page)])


def write_page(
    content: ReportContent | ProgramReport,
    folder: Path,
    opened: OpenedRecording | OpenedProgram,
) -> Path:
    """Writes the page of a report that is in ``folder``; for a program the groups' reports too."""
    refuse_link(folder / HTML_FILE)  # before the groups' pages are written
    page = _writers(content).page(content, folder, opened, True, "")
    assert page is not None, "there is a page where there is a recording"
    return write_files(folder, [(HTML_FILE, page)])[0]


def render_page(content: ReportContent, opened: OpenedRecording, above: str = "") -> bytes:
    """The page of the report of a workload and its recording.

    ``above`` is the address of the page that links to it, if there is one.
    """
    return render_html(content, views_of(opened, content), above)


def write_pyinstrument(opened: OpenedRecording, folder: Path) -> Path | None:
    """Writes pyinstrument's own page of the session of a recording into ``folder``.

    None if there is no session. Raises :class:`RecordingError`.
    """
    session = opened.path_of("pyinstrument")
    if not is_there(session):
        return None
    return write_files(folder, [("pyinstrument.html", render_pyinstrument(read_regular(session)))])[0]


def _workload_page(
    content: ReportContent,
    folder: Path,
    opened: OpenedRecording | None,
    html: bool,
    above: str,
) -> bytes | None:
    return render_page(content, opened, above) if html and opened is not None else None


def _program_page(
    content: ProgramReport,
    folder: Path,
    opened: OpenedProgram | None,
    html: bool,
    above: str,
) -> bytes | None:
    """Writes the reports of the groups, and makes the page that links to theirs.

    They are in ``group-1`` and so on, in the order of the report.
    """
    if opened is None:
        raise KerasProfileError(
            "expected a report with its recording, found one that was read from a file",
            "load the recording's folder, and save that",
        )
    pages: list[str | None] = []
    for number, group in enumerate(content.groups, 1):
        usual = content.of_group(group)
        if usual is None:
            pages.append(None)
            continue
        place = make_folder(folder / f"group-{number}")
        member = opened.open_member(opened.folder / group.recording)
        written = write_report(usual, place, member, html and number <= MOST_PAGES, f"../{HTML_FILE}")
        write_tensorboard(member, place)
        pages.append(f"{place.name}/{HTML_FILE}" if any(path.name == HTML_FILE for path in written) else None)
    return program.to_page.render(content, pages) if html else None


@dataclass(frozen=True)
class _Writers:
    """The writers of one kind of report, which is the first argument of each."""

    markdown: Callable[[Any], str]
    print_to: Callable[[Any, Console], None]
    print_all_to: Callable[[Any, Console], None]
    notebook: Callable[[Any, Path | None], str]
    page: Callable[[Any, Path, Any, bool, str], bytes | None]


_WRITERS = {
    ReportContent: _Writers(
        report.to_markdown.render,
        report.to_screen.print_to,
        report.to_terminal.print_to,
        report.to_notebook.render,
        _workload_page,
    ),
    ProgramReport: _Writers(
        program.to_markdown.render,
        program.to_screen.print_to,
        program.to_terminal.print_to,
        program.to_notebook.render,
        _program_page,
    ),
}


def _writers(content: ReportContent | ProgramReport) -> _Writers:
    return _WRITERS[type(content)]

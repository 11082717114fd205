"""The files of a report: as data, as text, as a page, and what other programs open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..analysis.drilldown.assembly import views_of
from ..model.program_report import ProgramReport
from ..model.report import ReportContent
from ..recorder.protocol import FILES
from ..recordings.opened import OpenedProgram, OpenedRecording
from ..recordings.writing import encode_json, write_files
from .html import render_html
from .markdown import render_markdown
from .program_markdown import render_program_markdown
from .program_page import render_program_page
from .pyinstrument_page import render_pyinstrument
from .tensorboard import write_tensorboard

#: Every format that a report is written in: file name and what makes its content.
REPORT_FILES: dict[str, Callable[[ReportContent], bytes]] = {
    "report.json": encode_json,
    "report.md": lambda content: render_markdown(content).encode(),
}

#: The same of a program's report.
PROGRAM_REPORT_FILES: dict[str, Callable[[ProgramReport], bytes]] = {
    "report.json": encode_json,
    "report.md": lambda content: render_program_markdown(content).encode(),
}

#: The page, which shows more than the report has: it needs the recording too.
HTML_FILE = "report.html"

#: So many of the dearest groups get their pages with the report. Of others `open` makes them.
MOST_PAGES = 20


def render_page(content: ReportContent, opened: OpenedRecording) -> bytes:
    """The page of a report and the recording that it is of."""
    return render_html(content, views_of(opened, content))


def write_report(content: ReportContent, folder: Path, opened: OpenedRecording | None = None) -> list[Path]:
    """Writes the report's files into ``folder``, which must exist; their paths.

    With its recording the page is written too.
    """
    files = [(name, encode(content)) for name, encode in REPORT_FILES.items()]
    if opened is not None:
        files.append((HTML_FILE, render_page(content, opened)))
    return write_files(folder, files)


def write_program_report(
    content: ProgramReport,
    folder: Path,
    opened: OpenedProgram,
    html: bool = True,
) -> list[Path]:
    """Writes the program's report into ``folder``, which must exist, and each group's below it.

    ``opened`` is its recording. The groups' reports are in ``group-1`` and so on, in the order
    of the report. With ``html`` the program gets its page, and the dearest groups theirs. The
    paths of the program's own files.
    """
    pages: list[str | None] = []
    for number, group in enumerate(content.groups, 1):
        report = content.of_group(group)
        if report is None:
            pages.append(None)
            continue
        place = folder / f"group-{number}"
        place.mkdir(exist_ok=True)
        source = opened.open_member(opened.folder / group.recording)
        written = write_report(report, place, source if html and number <= MOST_PAGES else None)
        write_tensorboard(source, place)
        pages.append(f"{place.name}/{HTML_FILE}" if any(path.name == HTML_FILE for path in written) else None)
    files = [(name, encode(content)) for name, encode in PROGRAM_REPORT_FILES.items()]
    if html:
        files.append((HTML_FILE, render_program_page(content, pages)))
    return write_files(folder, files)


def write_pyinstrument(recording: Path, folder: Path) -> Path | None:
    """Writes pyinstrument's own page of the session in ``recording`` into ``folder``.

    None where there is no session. Raises :class:`RecordingError`.
    """
    session = recording / FILES["pyinstrument"]
    if not session.is_file():
        return None
    return write_files(folder, [("pyinstrument.html", render_pyinstrument(session.read_bytes()))])[0]

"""Makes the report of a recording again, or reads one that was saved."""

from __future__ import annotations

from pathlib import Path

from ..analysis import program_report
from ..analysis.report import make_report
from ..output import report_files
from ..recordings import store
from ..recordings.opened import open_recording
from .results import Program, Report


def load(path: str | Path) -> Report | Program:
    """The report of a recording's folder, made again, or that of a ``report.json``.

    That of a program is a :class:`Program`.

    Raises :class:`keras_profile.errors.RecordingError` where it is neither.
    """
    path = Path(path)
    saved = path if path.is_file() else path / "report.json"
    if saved.is_file():
        page = None if path.is_file() else path / report_files.HTML_FILE
        page = page if page is not None and page.is_file() else None
        if store.is_program_report(saved):
            return Program(store.read_program_report(saved), page=page)
        return Report(store.read_report(saved), page=page)
    program = store.find_program(str(path))
    if program is not None:
        return Program(program_report.make_program_report(program), program)
    opened = open_recording(store.find_recording(str(path)))
    return Report(make_report(opened), opened)

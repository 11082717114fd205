"""Makes the report of a recording, or reads one that was saved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..analysis.program_report import make_program_report
from ..analysis.report import make_report
from ..analysis.rules.catalogue import RULES
from ..analysis.rules.rule import Rule
from ..output import report_files
from ..recordings.finding import find_program, find_recording
from ..recordings.json_files import is_program_report, read_program_report, read_report
from ..recordings.opened import OpenedProgram, open_recording
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
        if is_program_report(saved):
            return Program(read_program_report(saved), page=page)
        return Report(read_report(saved), page=page)
    return report_recorded(str(path))


def report_recorded(text: str, rules: Sequence[Rule] = RULES) -> Report | Program:
    """The report of the recording that a path or a name in ``traces/`` means.

    Raises :class:`keras_profile.errors.RecordingError`.
    """
    program = find_program(text)
    if program is not None:
        return report_program(program, rules)
    return report_model(find_recording(text), rules)


def report_model(folder: Path, rules: Sequence[Rule] = RULES) -> Report:
    """The report of the recording of a model in ``folder``. Raises as :func:`report_recorded`."""
    opened = open_recording(folder)
    return Report(make_report(opened, rules), opened)


def report_program(folder: Path, rules: Sequence[Rule] = RULES) -> Program:
    """The report of the recording of a program in ``folder``. Raises as :func:`report_recorded`."""
    opened = OpenedProgram(folder)
    return Program(make_program_report(opened, rules), opened)

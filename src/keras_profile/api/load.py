"""Makes the report of a recording, or reads a saved one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..analysis.rules.catalogue import RULES
from ..analysis.rules.rule import Rule
from ..model.program_report import ProgramReport
from ..output.reports import HTML_FILE, JSON_FILE
from ..recordings.finding import find_any
from ..recordings.json_files import read_report
from ..recordings.opened import OpenedProgram, open_any
from ..recordings.regular_files import is_regular
from .results import Program, Report


def load(path: str | Path) -> Report | Program:
    """The report of a recording's folder, made again, or the one saved in a ``report.json``.

    The report of a program is a :class:`Program`.

    Raises :class:`keras_profile.errors.RecordingError` if the path is neither.
    """
    path = Path(path)
    saved = path if is_regular(path) else path / JSON_FILE
    if is_regular(saved):
        page = path / HTML_FILE  # no file if the path is a report.json
        shown = page if is_regular(page) else None
        content = read_report(saved)
        if isinstance(content, ProgramReport):
            return Program(content, page=shown)
        return Report(content, page=shown)
    return report_recorded(str(path))


def report_recorded(text: str, rules: Sequence[Rule] = RULES) -> Report | Program:
    """The report of a recording, given by its path or its name in ``traces/``.

    Raises :class:`keras_profile.errors.RecordingError`.
    """
    opened = open_any(find_any(text))
    return Program.of(opened, rules) if isinstance(opened, OpenedProgram) else Report.of(opened, rules)

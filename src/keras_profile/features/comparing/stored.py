"""Reads what is compared from recordings and reports that are stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...analysis.differences.counts import Compared
from ...analysis.differences.programs_compared import ComparedProgram
from ...analysis.reports import make_report
from ...analysis.rules.rule import Rule
from ...errors import RecordingError
from ...model.program_report import ProgramReport
from ...output.reports import JSON_FILE
from ...recordings.finding import find_any
from ...recordings.json_files import read_report
from ...recordings.opened import OpenedProgram, open_any
from ...recordings.regular_files import is_regular


def is_stored(text: str) -> bool:
    """Whether ``text`` names a recording, or a report's file or folder."""
    if _report(text) is not None:
        return True
    try:
        find_any(text)
    except RecordingError:
        return False
    return True


def read_stored(text: str, rules: Sequence[Rule]) -> Compared | ComparedProgram:
    """The recording or report that ``text`` names. Raises :class:`KerasProfileError`."""
    report = _report(text)
    if report is not None:
        content = read_report(report)
        if isinstance(content, ProgramReport):
            return ComparedProgram(content, None)
        return Compared(content, None)
    opened = open_any(find_any(text))
    if isinstance(opened, OpenedProgram):
        return ComparedProgram(make_report(opened, rules), opened)
    return Compared(make_report(opened, rules), opened)


def _report(text: str) -> Path | None:
    for path in (Path(text), Path(text) / JSON_FILE):
        if path.suffix == ".json" and is_regular(path):
            return path
    return None

"""Reads what is compared from recordings and reports that are stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...analysis.differences.counts import Compared
from ...analysis.reports import make_report
from ...analysis.rules.rule import Rule
from ...errors import KerasProfileError, RecordingError
from ...model.program_report import ProgramReport
from ...output.reports import JSON_FILE
from ...recordings.finding import find_recording
from ...recordings.json_files import read_report
from ...recordings.opened import open_recording
from ...recordings.regular_files import is_regular


def is_stored(text: str) -> bool:
    """Whether ``text`` names a recording, or a report's file or folder."""
    if _report(text) is not None:
        return True
    try:
        find_recording(text)
    except RecordingError:
        return False
    return True


def read_stored(text: str, rules: Sequence[Rule]) -> Compared:
    """The recording or report that ``text`` names. Raises :class:`KerasProfileError`."""
    report = _report(text)
    if report is None:
        opened = open_recording(find_recording(text))
        return Compared(make_report(opened, rules), opened)
    content = read_report(report)
    if isinstance(content, ProgramReport):
        raise KerasProfileError(
            f"{text}: expected the report of one kind of call, found that of a program",
            "give the program's recording, whose calls with most time are then compared",
        )
    return Compared(content, None)


def _report(text: str) -> Path | None:
    for path in (Path(text), Path(text) / JSON_FILE):
        if path.suffix == ".json" and is_regular(path):
            return path
    return None

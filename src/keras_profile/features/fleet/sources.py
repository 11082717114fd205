"""Finds recordings and reports below folders, and reads what a store keeps of each."""

from __future__ import annotations

import datetime
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...analysis.program_time import bare
from ...analysis.reports import make_report
from ...errors import KerasProfileError, RecordingError
from ...model.program_report import ProgramReport
from ...model.report import ReportContent
from ...model.store import RecordingRow
from ...output.reports import JSON_FILE
from ...recorder.protocol import FILES, PROGRAM_FILES
from ...recordings.finding import time_made
from ...recordings.json_files import read_report
from ...recordings.names import is_program
from ...recordings.opened import OpenedProgram, OpenedRecording, open_any
from ...recordings.regular_files import is_folder, is_regular
from . import recording_identity
from .row_making import make_row
from .store_layout import utc

#: A program that has not ended is still being recorded if its files were written so recently.
_STILL_WRITTEN_S = 120
#: A name of a recording ends with the time at which it was made.
_TIME_IN_NAME = re.compile(r"(\d{8}-\d{6})(-\d+)?$")

SourceKind = Literal["recording", "report"]


@dataclass(frozen=True)
class Source:
    """A recording's folder, or the file of a report."""

    path: Path
    kind: SourceKind


def find_sources(folders: Sequence[Path]) -> list[Source]:
    """All recordings and reports at these paths and below: recordings first, since they say more.

    Links are not followed. Raises :class:`KerasProfileError` if there is nothing at a path.
    """
    found: dict[Path, SourceKind] = {}
    for folder in folders:
        if is_regular(folder):
            found[folder] = "report"
        elif is_folder(folder):
            found.update((one.path, one.kind) for one in _below(folder))
        else:
            raise KerasProfileError(
                f"{folder}: expected a folder of recordings or a report.json, found nothing there",
                "give a folder such as traces/ or reports/",
            )
    sources = [Source(path, kind) for path, kind in found.items()]
    return sorted(sources, key=lambda one: (one.kind == "report", one.path))


def _below(top: Path) -> Iterator[Source]:
    for place, folders, files in os.walk(top):
        folder = Path(place)
        folders.sort()
        if FILES["recording"] in files or is_program(folder):
            yield Source(folder, "recording")
        elif JSON_FILE in files and is_regular(folder / JSON_FILE):
            yield Source(folder / JSON_FILE, "report")
        else:
            continue
        folders.clear()  # what is in it belongs to it, such as the reports of a program's groups


class Read:
    """A source that was opened: its identity and its time in UTC at once, its row when it is asked for."""

    def __init__(self, source: Source) -> None:
        """Raises :class:`RecordingError` if it cannot be read, or is still being recorded."""
        self._source = source
        self._opened: OpenedRecording | OpenedProgram | None = None
        self._report: ReportContent | ProgramReport | None = None
        if source.kind == "report":
            self._report = read_report(source.path)
            self.identity = recording_identity.of_report(self._report)
            self.made_at = _made_at(self._report.created, self._report.recording, source)
            return
        self._opened = open_any(source.path)
        if isinstance(self._opened, OpenedProgram):
            if not self._opened.recording.processes:
                raise RecordingError(f"{source.path}: no process of the program was recorded")
            _refuse_unfinished(self._opened)
            self.identity = recording_identity.of_program(self._opened.recording)
        else:
            self.identity = recording_identity.of_recording(self._opened.recording)
        created = self._opened.recording.content.created
        self.made_at = _made_at(created, self._opened.folder.name, source)

    def row(self, labels: Mapping[str, str]) -> RecordingRow:
        """The row of the store; for a recording, its report is made now. Raises :class:`RecordingError`."""
        report = make_report(self._opened) if self._report is None and self._opened else self._report
        assert report is not None
        calls = self._calls(report)
        return make_row(report, self.identity, self.made_at, labels, calls, self._source.kind)

    def _calls(self, report: ReportContent | ProgramReport) -> list[list[int]]:
        """The warm calls with nothing installed, for each line of the report."""
        if isinstance(self._opened, OpenedProgram):
            assert isinstance(report, ProgramReport)
            by_name = {
                group.folder.relative_to(self._opened.folder).as_posix(): bare(group.rows)["wall_ns"].tolist()
                for group in self._opened.groups
            }
            return [by_name.get(group.recording, []) for group in report.groups]
        return [] if self._opened is None else [self._opened.content.calls.wall("bare")]


def _refuse_unfinished(opened: OpenedProgram) -> None:
    program = opened.recording
    files = [*program.folder.glob(f"*/{PROGRAM_FILES['calls']}"), *program.folder.glob("*/process.jsonl")]
    ended = program.content.complete or all(one.ended_ns is not None for one in program.processes)
    newest = max((path.lstat().st_mtime for path in files), default=0.0)
    if not ended and time.time() - newest < _STILL_WRITTEN_S:
        raise RecordingError(
            f"{program.folder}: the program is still being recorded",
            "collect it when it has ended: until then its figures change",
        )


def _made_at(created: str, name: str, source: Source) -> datetime.datetime:
    """When a recording was made. Reports of older versions say so in their names, or by their files' time."""
    try:
        return utc(created)
    except ValueError:  # unknown, as in an older report
        pass
    named = _TIME_IN_NAME.search(name)
    if named:
        try:
            local = datetime.datetime.strptime(named[1], "%Y%m%d-%H%M%S").astimezone()
            return local.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        except (ValueError, OverflowError):  # digits that are no time
            pass
    made = source.path.lstat().st_mtime if source.kind == "report" else time_made(source.path)
    return datetime.datetime.fromtimestamp(int(made), datetime.timezone.utc).replace(tzinfo=None)

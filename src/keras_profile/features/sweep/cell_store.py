"""The folder of a sweep, which is all the state there is: a cell that has its folder is done.

A cell's folder is written beside its place under another name, and renamed when it is complete. Whatever is
killed in between leaves a folder of the other name, which is removed when the sweep goes on.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import msgspec
import psutil

from ...errors import KerasProfileError, RecordingError
from ...model.report import REPORT_SCHEMA, CallFigures
from ...model.sweep import CELL_SCHEMA, CellFile
from ...output.reports import JSON_FILE
from ...recordings.json_text import UNDECODABLE, decode
from ...recordings.names import REPORTS
from ...recordings.regular_files import is_folder, is_there, read_regular
from ...recordings.writing import encode_json, write_files
from .cell_process import Outcome
from .grid import Cell

#: Below the folder of a sweep.
CELLS = "cells"
_CELL_FILE = "cell.json"
_PART = ".part"
#: The most bytes of a cell's file, and of a report.
_MOST_CELL, _MOST_REPORT = 1 << 20, 1 << 26


class _ReportPart(msgspec.Struct):
    """What a sweep reads of a report."""

    schema: _SchemaPart
    calls: CallFigures


class _SchemaPart(msgspec.Struct):
    name: str
    version: int


@dataclass(frozen=True)
class StoredCell:
    """A finished cell: its file, and the figures of its calls; None if it failed."""

    name: str
    content: CellFile
    calls: CallFigures | None


class CellStore:
    """The cells below the ``folder`` of a sweep, which is made if there is none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._cells = folder / CELLS
        try:
            self._cells.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise KerasProfileError(
                f"the folder {self._cells} cannot be created: {error.strerror}",
                "run in a folder that you can write to, or give one with --output",
            ) from error

    def names(self) -> list[str]:
        """The folders of finished cells, of this plan and of others."""
        return sorted(path.name for path in self._cells.iterdir() if not path.name.startswith("."))

    def read(self, name: str) -> StoredCell | None:
        """A finished cell; None if there is none, or what there is cannot be read."""
        folder = self._cells / name
        try:
            content = decode(read_regular(folder / _CELL_FILE, _MOST_CELL), CellFile)
            if content.schema != CELL_SCHEMA:
                return None
            if content.reason:
                return StoredCell(name, content, None)
            (path,) = (folder / REPORTS).glob(f"*/{JSON_FILE}")
            report = decode(read_regular(path, _MOST_REPORT), _ReportPart)
        except (RecordingError, ValueError, *UNDECODABLE):
            return None
        if (report.schema.name, report.schema.version) != (REPORT_SCHEMA.name, REPORT_SCHEMA.version):
            return None
        return StoredCell(name, content, report.calls)

    def keep(self, cell: Cell, outcome: Outcome) -> StoredCell:
        """Stores what was measured, completely or not at all. Raises :class:`KerasProfileError`.

        A cell that somebody else has stored meanwhile stays as it is.
        """
        content = CellFile(
            CELL_SCHEMA,
            cell.settings,
            cell.repeat,
            outcome.reason,
            outcome.machine,
            outcome.began,
            outcome.took_s,
            outcome.before,
            outcome.after,
        )
        place = self._cells / cell.name
        part = self._cells / f".{cell.name}.{os.getpid()}{_PART}"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        try:
            files = [(name, data) for name, data in outcome.files.items() if _is_below(name)]
            write_files(part, [*files, (_CELL_FILE, encode_json(content))])
            if self.read(cell.name) is None:
                self.remove(cell.name)
                part.rename(place)
        except OSError as error:
            raise KerasProfileError(
                f"{place}: cannot be written: {error.strerror}", "give another folder with --output"
            ) from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
        stored = self.read(cell.name)
        if stored is None:
            raise KerasProfileError(
                f"{place}: expected a report of {REPORT_SCHEMA.name} version {REPORT_SCHEMA.version}, found "
                "something else",
                "install the same keras-profile for the driver and for all workers",
            )
        return stored

    def remove(self, name: str) -> None:
        """Removes a cell, so that it is measured again."""
        place = self._cells / name
        if is_there(place):
            # A name of its own first: whoever is killed meanwhile leaves no half of a cell.
            part = self._cells / f".{name}.{os.getpid()}.old{_PART}"
            place.rename(part)
            shutil.rmtree(part, ignore_errors=True)

    def remove_unfinished(self) -> None:
        """Removes what sweeps that were killed have left."""
        for path in self._parts():
            owner = path.name.removesuffix(_PART).removesuffix(".old").rpartition(".")[2]
            is_ours = owner == str(os.getpid())
            if is_ours or not owner.isdigit() or not psutil.pid_exists(int(owner)):
                shutil.rmtree(path, ignore_errors=True)

    def _parts(self) -> Iterator[Path]:
        return (
            path
            for path in self._cells.iterdir()
            if path.name.startswith(".") and path.name.endswith(_PART) and is_folder(path)
        )


def _is_below(name: str) -> bool:
    """Whether a path that a worker sent stays below the cell's folder.

    >>> _is_below("reports/a/report.json"), _is_below("../../x"), _is_below("/etc/x")
    (True, False, False)
    """
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\\" not in name

"""The JSON files that have a schema: each is read as the class that describes its content."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from ..errors import RecordingError
from ..model.program import ProgramFile
from ..model.program_report import ProgramReport
from ..model.recording import Recording, RecordingFile, Schema
from ..model.report import REPORT_SCHEMA, ReportContent
from ..model.trials import Trials
from ..recorder.protocol import (
    CAPTURES,
    FILES,
    PROGRAM_FILES,
    PROGRAM_SCHEMA,
    RECORDING_SCHEMA,
    TRIALS_SCHEMA,
)
from .json_text import UNDECODABLE, decode_any, of_kind
from .regular_files import is_there, read_regular
from .writing import encode_json, write_files

#: The maximum size of such a file, in bytes.
MOST_BYTES = 1 << 26

_Content = TypeVar("_Content")


class _Header(msgspec.Struct):
    schema: Schema


def read_recording(folder: Path) -> Recording:
    """Reads the recording in ``folder``. Raises :class:`RecordingError` if it is none."""
    path = folder / FILES["recording"]
    schema = Schema.of(RECORDING_SCHEMA)
    content = _read(path, schema, RecordingFile)
    strange = set(content.calls.capture) - {one.name for one in content.captures} - set(CAPTURES)
    if strange:
        raise _something_else(path, schema, f"calls of {min(strange)!r}, which is none of its captures")
    return Recording(folder, content)


def read_trials(folder: Path) -> Trials | None:
    """Reads the trials of recipes of the recording in ``folder``; None if none were made.

    Raises :class:`RecordingError`.
    """
    path = folder / FILES["trials"]
    if not is_there(path):
        return None
    return _read(path, Schema.of(TRIALS_SCHEMA), Trials)


def read_program_file(folder: Path) -> ProgramFile:
    """Reads what the driver wrote about the program in ``folder``. Raises :class:`RecordingError`."""
    schema = Schema.of(PROGRAM_SCHEMA)
    return _read(folder / PROGRAM_FILES["program"], schema, ProgramFile)


def read_report(path: Path) -> ReportContent | ProgramReport:
    """Reads the report in ``path``, a ``report.json``. Raises :class:`RecordingError`."""
    content = _content(path, REPORT_SCHEMA)
    is_of_program = isinstance(content, dict) and "program" in content
    kind: type[ReportContent] | type[ProgramReport] = ProgramReport if is_of_program else ReportContent
    return _as(path, content, REPORT_SCHEMA, kind)


def write_program(folder: Path, content: ProgramFile) -> None:
    """Writes ``program.json``. Anyone who reads it in the meantime gets the old file or the new one."""
    write_files(folder, [(PROGRAM_FILES["program"], encode_json(content))])


def _read(path: Path, schema: Schema, kind: type[_Content]) -> _Content:
    return _as(path, _content(path, schema), schema, kind)


def _content(path: Path, schema: Schema) -> object:
    """Returns what is in a file, as plain objects."""
    data = read_regular(path, MOST_BYTES)
    try:
        return decode_any(data)
    except UNDECODABLE as error:
        raise _something_else(path, schema, error) from error


def _as(path: Path, content: object, schema: Schema, kind: type[_Content]) -> _Content:
    """Returns the content of a file with a ``schema`` as a ``kind``."""
    try:
        found = of_kind(content, _Header).schema
        if found.name == schema.name and found.version > schema.version:
            raise RecordingError(
                f"{path}: is version {found.version} of {found.name}, this keras_profile knows "
                f"{schema.version}",
                "update keras-profile",
            )
        if found != schema:
            raise RecordingError(
                f"{path}: expected {schema.name} version {schema.version}, found {found.name} "
                f"version {found.version}"
            )
        return of_kind(content, kind)
    except UNDECODABLE as error:
        raise _something_else(path, schema, error) from error


def _something_else(path: Path, schema: Schema, error: Exception | str) -> RecordingError:
    return RecordingError(
        f"{path}: expected {schema.name}, found something else: {error}",
        "the file may be damaged: copy it again, or record again",
    )

"""The JSON files that have a schema: each is read as the class that says what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from ..errors import RecordingError
from ..model.program import ProgramFile
from ..model.program_report import ProgramReport
from ..model.recorded import from_json
from ..model.recording import Recording, RecordingFile, Schema
from ..model.report import REPORT_SCHEMA, ReportContent
from ..model.trials import Trials
from ..recorder.protocol import FILES, PROGRAM_FILES, PROGRAM_SCHEMA, RECORDING_SCHEMA, TRIALS_SCHEMA
from .writing import encode_json, write_files

#: What msgspec raises for bytes that are not the JSON that was asked for.
UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


_Content = TypeVar("_Content")


class _Header(msgspec.Struct):
    schema: Schema


class _Kind(msgspec.Struct):
    program: msgspec.Raw = msgspec.Raw()


def read_recording(folder: Path) -> Recording:
    """The recording in ``folder``. Raises :class:`RecordingError` where it is none."""
    path = folder / FILES["recording"]
    schema = Schema.of(RECORDING_SCHEMA)
    return Recording(folder, _read(path, schema, RecordingFile))


def read_trials(folder: Path) -> Trials | None:
    """The trials of recipes that the recording in ``folder`` has; None where none were made.

    Raises :class:`RecordingError`.
    """
    path = folder / FILES["trials"]
    if not path.is_file():
        return None
    return _read(path, Schema.of(TRIALS_SCHEMA), Trials)


def read_program_file(folder: Path) -> ProgramFile:
    """What the driver tells of the program recorded in ``folder``. Raises :class:`RecordingError`."""
    schema = Schema.of(PROGRAM_SCHEMA)
    return _read(folder / PROGRAM_FILES["program"], schema, ProgramFile)


def read_report(path: Path) -> ReportContent | ProgramReport:
    """The report in ``path``, a ``report.json``. Raises :class:`RecordingError`."""
    if _is_of_program(path):
        return _read(path, REPORT_SCHEMA, ProgramReport)
    return _read(path, REPORT_SCHEMA, ReportContent)


def _is_of_program(path: Path) -> bool:
    """Whether a ``report.json`` is that of a program, as far as it can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kind).program != msgspec.Raw()
    except (OSError, *UNDECODABLE):
        return False


def write_program(folder: Path, content: ProgramFile) -> None:
    """Writes ``program.json``; whoever reads it meanwhile gets the old one or the new."""
    part = write_files(folder, [(PROGRAM_FILES["program"] + ".part", encode_json(content))])[0]
    part.replace(folder / PROGRAM_FILES["program"])


def _read(path: Path, schema: Schema, kind: type[_Content]) -> _Content:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        found = msgspec.json.decode(data, type=_Header).schema
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
        return msgspec.json.decode(data, type=kind, dec_hook=from_json)
    except UNDECODABLE as error:
        raise RecordingError(f"{path}: expected {schema.name}, found something else: {error}") from error

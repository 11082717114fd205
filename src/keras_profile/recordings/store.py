"""Recordings and reports on disk: their names, their places, their schema versions."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ..errors import KerasProfileError, RecordingError
from ..model.program import ProgramFile
from ..model.program_report import ProgramReport
from ..model.recording import Recording, RecordingFile, Schema
from ..model.report import REPORT_SCHEMA, ReportContent
from ..model.trials import Trials
from ..recorder.protocol import FILES, PROGRAM_FILES, PROGRAM_SCHEMA, RECORDING_SCHEMA, TRIALS_SCHEMA

#: Where recordings and reports go, below the working folder.
TRACES, REPORTS = Path("traces"), Path("reports")
#: A file in a folder of recordings: which of them came with it, a name a line. What users make
#: themselves is listed without those.
EXAMPLES = "examples.txt"

#: What msgspec raises for bytes that are not the JSON that was asked for.
UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_Content = TypeVar("_Content")


class _Header(msgspec.Struct):
    schema: Schema


class _Kind(msgspec.Struct):
    program: dict[str, Any] | None = None


def new_folder(parent: Path, name: str) -> Path:
    """A new empty folder ``parent/name``, or ``name-2`` and so on where that exists.

    Raises :class:`KerasProfileError` where it cannot be made.
    """
    folder = parent / name
    number = 1
    try:
        parent.mkdir(parents=True, exist_ok=True)
        while True:
            try:
                folder.mkdir()
                return folder
            except FileExistsError:
                number += 1
                folder = parent / f"{name}-{number}"
    except OSError as error:
        raise KerasProfileError(
            f"the folder {folder} cannot be made: {error.strerror}",
            "go to a folder that you may write to, or give one with --output",
        ) from error


def rename_folder(folder: Path, name: str) -> Path:
    """Gives ``folder`` another name beside it, made unique as by :func:`new_folder`."""
    return folder.replace(new_folder(folder.parent, name))


def empty_folder(folder: Path) -> Path:
    """``folder``, made if need be. Raises where it holds something or cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise KerasProfileError(
                f"{folder}: expected a new or empty folder, found one with files",
                "nothing is overwritten: give another folder",
            )
    except OSError as error:
        raise KerasProfileError(f"the folder {folder} cannot be made: {error.strerror}") from error
    return folder


def remove_if_empty(folder: Path) -> None:
    """Removes the folder of a recording that never came to be, its log included."""
    log = folder / FILES["log"]
    if not (folder / FILES["recording"]).exists():
        log.unlink(missing_ok=True)
        with suppress(OSError):  # something else lies in it, which is not ours to remove
            folder.rmdir()


def recording_name(target: str, entry: str, now: datetime) -> str:
    """A readable name of a recording: target, entry point, time.

    >>> recording_name("models/net.py:build", "predict", datetime(2026, 1, 2, 3, 4, 5))
    'net-build-predict-20260102-030405'
    """
    place, _, function = target.rpartition(":") if ":" in target else (target, "", "")
    stem = os.path.basename(place.rstrip("/\\"))
    for suffix in (".py", ".keras", ".h5", ".hdf5"):
        stem = stem.removesuffix(suffix)
    words = [word for word in (stem, function, entry) if word]
    return f"{plain_name('-'.join(words))}-{now:%Y%m%d-%H%M%S}"


def plain_name(text: str) -> str:
    """``text`` as a folder's name, without what means something to a system or a shell.

    >>> plain_name("../keras 3.0/*")
    'keras-3.0'
    """
    return re.sub(r"[^A-Za-z0-9_.]+", "-", text).strip("-.")


def find_recording(text: str, traces: Path = TRACES) -> Path:
    """The folder of the recording that a path or a name in ``traces`` means."""
    for folder in (Path(text), traces / text):
        if (folder / FILES["recording"]).is_file():
            return folder
    program = find_program(text, traces)
    if program is not None:
        members = sorted(program.glob(f"process-*/{PROGRAM_FILES['groups']}/*/{FILES['recording']}"))
        raise RecordingError(
            f"{program}: expected the recording of one workload, found that of a program",
            "give one of its groups: " + ", ".join(name_in_traces(one.parent) for one in members)
            if members
            else f"make the recordings of its groups first: keras-profile report {text}",
        )
    for folder in (Path(text), traces / text):
        members = _made(folder.glob(f"*/{FILES['recording']}"))
        if members:
            raise RecordingError(
                f"{folder}: expected a recording, found a folder of {len(members)}",
                "give one of them: " + ", ".join(name_in_traces(member) for member in members),
            )
    examples = example_names(traces)
    found = [name_in_traces(recording) for recording in list_recordings(traces)]
    known = sorted(found, key=examples.__contains__)[:5]
    if Path(text).is_dir():
        raise RecordingError(
            f"{text}: expected a recording, found a folder without {FILES['recording']}",
            "a run that failed before its first round leaves no recording",
        )
    raise RecordingError(
        f"there is no recording {text}, neither as a folder nor in {traces}/",
        "recordings here: " + ", ".join(known) if known else "make one with: keras-profile run TARGET",
    )


def find_program(text: str, traces: Path = TRACES) -> Path | None:
    """The folder of the program's recording that a path or a name in ``traces`` means, None for none."""
    for folder in (Path(text), traces / text):
        if (folder / PROGRAM_FILES["program"]).is_file():
            return folder
    return None


def list_programs(traces: Path = TRACES) -> list[Path]:
    """The programs' recordings in ``traces``, newest first."""
    found = [path.parent for path in traces.glob(f"*/{PROGRAM_FILES['program']}")]
    return sorted(found, key=time_made, reverse=True)


def list_recordings(traces: Path = TRACES) -> list[Path]:
    """The recordings in ``traces``, newest first.

    Those that a command made together lie in a folder of their own there, and stay
    together, in the order they were made.
    """
    return _newest_first(_made_together(traces))


def list_all(traces: Path = TRACES) -> list[Path]:
    """The recordings in ``traces`` as :func:`list_recordings` has them, and those of programs."""
    return _newest_first([*_made_together(traces), *([program] for program in list_programs(traces))])


def example_names(traces: Path = TRACES) -> list[str]:
    """The names of the recordings that came with ``traces``, as its file of examples has them.

    Empty lines and those that begin with ``#`` are none. Raises :class:`RecordingError` where
    the file cannot be read.
    """
    path = traces / EXAMPLES
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    except (OSError, UnicodeDecodeError) as error:
        raise RecordingError(f"{path}: cannot be read: {error}", "remove it, or write it again") from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _made_together(traces: Path) -> list[list[Path]]:
    groups = [[path.parent] for path in traces.glob(f"*/{FILES['recording']}")]
    groups += [_made(folder.glob(f"*/{FILES['recording']}")) for folder in traces.glob("*")]
    return [group for group in groups if group]


def _newest_first(groups: Sequence[Sequence[Path]]) -> list[Path]:
    newest_first = sorted(groups, key=lambda group: time_made(group[-1]), reverse=True)
    return [recording for group in newest_first for recording in group]


def name_in_traces(folder: Path) -> str:
    """What a recording is called: its name, after that of the folder it was made in with others.

    >>> name_in_traces(Path("traces/demo-predict"))
    'demo-predict'
    >>> name_in_traces(Path("traces/reproduce-1/tiny_call"))
    'reproduce-1/tiny_call'
    """
    program = _program_of(folder)
    if program is not None:
        return f"{program.name}/{folder.absolute().relative_to(program).as_posix()}"
    group = folder.absolute().parent
    return f"{group.name}/{folder.name}" if group.parent.name == TRACES.name else folder.name


def name_in_report(folder: Path) -> str:
    """What a report calls its recording: its folder's name, that of a group with the program's."""
    return folder.name if _program_of(folder) is None else name_in_traces(folder)


def _program_of(folder: Path) -> Path | None:
    """The folder of the program that a recording is a group of; None where it is of none."""
    groups = folder.absolute().parent
    program = groups.parent.parent
    is_group = groups.name == PROGRAM_FILES["groups"] and (program / PROGRAM_FILES["program"]).is_file()
    return program if is_group else None


def _made(files: Iterable[Path]) -> list[Path]:
    """The recordings with these files, in the order they were made."""
    return sorted((path.parent for path in files), key=time_made)


def time_made(folder: Path) -> float:
    """When the recording in ``folder``, of a workload or a program, was written."""
    own = folder / FILES["recording"]
    return (own if own.is_file() else folder / PROGRAM_FILES["program"]).stat().st_mtime


def read_recording(folder: Path) -> Recording:
    """The recording in ``folder``. Raises :class:`RecordingError` where it is none."""
    path = folder / FILES["recording"]
    schema = Schema(str(RECORDING_SCHEMA["name"]), int(str(RECORDING_SCHEMA["version"])))
    return Recording(folder, _read(path, schema, RecordingFile))


def read_trials(folder: Path) -> Trials | None:
    """The trials of recipes that the recording in ``folder`` has; None where none were made.

    Raises :class:`RecordingError`.
    """
    path = folder / FILES["trials"]
    if not path.is_file():
        return None
    return _read(path, Schema(str(TRIALS_SCHEMA["name"]), int(str(TRIALS_SCHEMA["version"]))), Trials)


def read_program(folder: Path) -> ProgramFile:
    """What the driver tells of the program recorded in ``folder``. Raises :class:`RecordingError`."""
    schema = Schema(str(PROGRAM_SCHEMA["name"]), int(str(PROGRAM_SCHEMA["version"])))
    return _read(folder / PROGRAM_FILES["program"], schema, ProgramFile)


def write_program(folder: Path, content: ProgramFile) -> None:
    """Writes ``program.json``; whoever reads it meanwhile gets the old one or the new."""
    part = write_files(folder, [(PROGRAM_FILES["program"] + ".part", encode_json(content))])[0]
    part.replace(folder / PROGRAM_FILES["program"])


def remove_empty_program(folder: Path) -> bool:
    """Removes a program's folder where no process recorded a call; whether it did."""
    if any(folder.glob("process-*")):
        return False
    for name in ("program", "options"):
        (folder / PROGRAM_FILES[name]).unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()
    return True


def is_program(folder: Path) -> bool:
    """Whether ``folder`` is the recording of a program."""
    return (folder / PROGRAM_FILES["program"]).is_file()


def is_program_report(path: Path) -> bool:
    """Whether ``path``, a ``report.json``, is the report of a program."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kind).program is not None
    except (OSError, *UNDECODABLE):
        return False


def read_program_report(path: Path) -> ProgramReport:
    """The report of a program in ``path``, a ``report.json``. Raises :class:`RecordingError`."""
    return _read(path, REPORT_SCHEMA, ProgramReport)


def encode_recording(content: RecordingFile) -> bytes:
    """``recording.json`` as it is written where the recorder does not write it itself."""
    return msgspec.json.encode(content)


def read_report(path: Path) -> ReportContent:
    """The report in ``path``, a ``report.json``. Raises :class:`RecordingError`."""
    return _read(path, REPORT_SCHEMA, ReportContent)


def encode_json(content: object) -> bytes:
    """A report or a summary as it is written: readable, keys in the format's order."""
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def write_files(folder: Path, files: Sequence[tuple[str, bytes]]) -> list[Path]:
    """Writes files into ``folder``, which must exist; folders in their names are made.

    Raises :class:`KerasProfileError`.
    """
    paths = []
    try:
        for name, data in files:
            if "/" in name:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
            paths.append(folder / name)
    except OSError as error:
        raise KerasProfileError(
            f"{folder}: cannot be written to: {error.strerror}", "is the disk full?"
        ) from error
    return paths


def write_new(path: Path, data: bytes) -> Path:
    """Writes a file that is not there yet. Raises :class:`KerasProfileError`."""
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise KerasProfileError(f"{path}: is there already", "give another name with --output") from error
    except OSError as error:
        raise KerasProfileError(
            f"{path}: cannot be written: {error.strerror}", "give another place with --output"
        ) from error
    return path


def unused_name(folder: Path, name: str, suffix: str) -> Path:
    """``name`` and ``suffix`` in ``folder``, with a number between where that is taken."""
    path, number = folder / (name + suffix), 2
    while path.exists():
        path, number = folder / f"{name}-{number}{suffix}", number + 1
    return path


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
        return msgspec.json.decode(data, type=kind)
    except UNDECODABLE as error:
        raise RecordingError(f"{path}: expected {schema.name}, found something else: {error}") from error

"""The names of recordings and reports, and where they go."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from ..recorder.protocol import FILES, PROGRAM_FILES, WINDOW_PATTERN
from .regular_files import is_folder, is_regular, is_there

#: Where recordings and reports go, below the working folder.
TRACES, REPORTS = Path("traces"), Path("reports")

#: Names that Windows reserves for devices, with any extension.
#: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(10)
}
_LONGEST = 100


def recording_name(target: str, entry: str, now: datetime) -> str:
    """Returns a readable name for a recording: target, entry point, time.

    >>> recording_name("models/net.py:build", "predict", datetime(2026, 1, 2, 3, 4, 5))
    'net-build-predict-20260102-030405'
    """
    return dated(plain_name("-".join([*target_words(target), entry])), now)


def target_words(target: str) -> list[str]:
    """Returns what a target is called: its file without a suffix, and the name of the object in it.

    >>> target_words("models/net.py:build"), target_words("models/net.keras")
    (['net', 'build'], ['net'])
    """
    place, function = place_and_name(target)
    stem = re.split(r"[/\\]", place.rstrip("/\\"))[-1]
    for suffix in (".py", ".keras", ".h5", ".hdf5"):
        stem = stem.removesuffix(suffix)
    return [word for word in (stem, function) if word]


def dated(name: str, now: datetime) -> str:
    """Returns a name with the time.

    >>> dated("compare", datetime(2026, 1, 2, 3, 4, 5))
    'compare-20260102-030405'
    """
    return f"{name}-{now:%Y%m%d-%H%M%S}"


def place_and_name(target: str) -> tuple[str, str]:
    """Returns a target's file, folder or module, and the name of an object in it, which may be empty.

    >>> place_and_name("models/net.py:build"), place_and_name("C:\\\\net.keras")
    (('models/net.py', 'build'), ('C:\\\\net.keras', ''))
    """
    place, _, name = target.rpartition(":")
    return (target, "") if not place or re.match(r"[/\\]", name) else (place, name)


def plain_name(text: str) -> str:
    """Returns ``text`` as a folder's name, without characters that a system or a shell interprets.

    >>> plain_name("../keras 3.0/*"), plain_name("aux.py")
    ('keras-3.0', '_aux.py')
    """
    plain = re.sub(r"[^A-Za-z0-9_.]+", "-", text).strip("-.")
    # With several long names in a row, a path would be too long for Windows.
    plain = plain[:_LONGEST].rstrip("-.")
    return "_" + plain if plain.partition(".")[0].lower() in _DEVICES else plain


def name_in_traces(folder: Path) -> str:
    """Returns a recording's name, after the name of the folder if it was made in one with others.

    A window of a program is such a one.

    >>> name_in_traces(Path("traces/demo-predict"))
    'demo-predict'
    >>> name_in_traces(Path("traces/reproduce-1/tiny_call"))
    'reproduce-1/tiny_call'
    """
    program = program_of(folder)
    if program is not None:
        member = folder.absolute().relative_to(program.absolute()).as_posix()
        return f"{name_in_traces(program)}/{member}"
    group = folder.absolute().parent
    return f"{group.name}/{folder.name}" if group.parent.name == TRACES.name else folder.name


def name_in_report(folder: Path) -> str:
    """Returns what a report calls its recording: the folder's name; for a group, with the program's."""
    return folder.name if program_of(folder) is None else name_in_traces(folder)


def is_program(folder: Path) -> bool:
    """Whether ``folder`` is the recording of a program."""
    if is_there(folder / PROGRAM_FILES["program"]):
        return True
    # A process that outlives its driver makes the folder again, without the driver's file.
    return not is_there(folder / FILES["recording"]) and any(
        is_regular(one / PROGRAM_FILES["process"]) for one in folder.glob("process-*")
    )


def windows_of(program: Path) -> list[Path]:
    """Returns the windows in which a program was recorded and called a model, newest first.

    Each is the recording of a program. Of two that began in one second, none is the newer one.
    """
    found = (
        one for one in program.glob("window-*") if re.fullmatch(WINDOW_PATTERN, one.name) and is_folder(one)
    )
    return sorted(
        (one for one in found if any(one.glob("process-*"))), key=lambda one: one.name, reverse=True
    )


def program_of(folder: Path) -> Path | None:
    """Returns the folder of the program that a recording is a group of; None if there is none."""
    # Kept as it was given, for messages; below the working folder it may not have these parents.
    groups = folder.parent if len(folder.parents) > 2 else folder.absolute().parent
    program = groups.parent.parent
    is_group = groups.name == PROGRAM_FILES["groups"] and is_program(program)
    return program if is_group else None

"""What recordings and reports are called, and where they go."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from ..recorder.protocol import FILES, PROGRAM_FILES
from .regular_files import is_regular, is_there

#: Where recordings and reports go, below the working folder.
TRACES, REPORTS = Path("traces"), Path("reports")

#: Names that Windows keeps for devices, with any ending.
#: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(10)
}
_LONGEST = 100


def recording_name(target: str, entry: str, now: datetime) -> str:
    """A readable name of a recording: target, entry point, time.

    >>> recording_name("models/net.py:build", "predict", datetime(2026, 1, 2, 3, 4, 5))
    'net-build-predict-20260102-030405'
    """
    place, function = place_and_name(target)
    stem = re.split(r"[/\\]", place.rstrip("/\\"))[-1]
    for suffix in (".py", ".keras", ".h5", ".hdf5"):
        stem = stem.removesuffix(suffix)
    words = [word for word in (stem, function, entry) if word]
    return f"{plain_name('-'.join(words))}-{now:%Y%m%d-%H%M%S}"


def place_and_name(target: str) -> tuple[str, str]:
    """A target's file, folder or module, and the name of what is meant in it, which may be empty.

    >>> place_and_name("models/net.py:build"), place_and_name("C:\\\\net.keras")
    (('models/net.py', 'build'), ('C:\\\\net.keras', ''))
    """
    place, _, name = target.rpartition(":")
    return (target, "") if not place or re.match(r"[/\\]", name) else (place, name)


def plain_name(text: str) -> str:
    """``text`` as a folder's name, without what means something to a system or a shell.

    >>> plain_name("../keras 3.0/*"), plain_name("aux.py")
    ('keras-3.0', '_aux.py')
    """
    plain = re.sub(r"[^A-Za-z0-9_.]+", "-", text).strip("-.")
    # Paths are longer than Windows opens where many names in a row are long.
    plain = plain[:_LONGEST].rstrip("-.")
    return "_" + plain if plain.partition(".")[0].lower() in _DEVICES else plain


def name_in_traces(folder: Path) -> str:
    """What a recording is called: its name, after that of the folder it was made in with others.

    >>> name_in_traces(Path("traces/demo-predict"))
    'demo-predict'
    >>> name_in_traces(Path("traces/reproduce-1/tiny_call"))
    'reproduce-1/tiny_call'
    """
    program = program_of(folder)
    if program is not None:
        program = program.absolute()
        return f"{program.name}/{folder.absolute().relative_to(program).as_posix()}"
    group = folder.absolute().parent
    return f"{group.name}/{folder.name}" if group.parent.name == TRACES.name else folder.name


def name_in_report(folder: Path) -> str:
    """What a report calls its recording: its folder's name, that of a group with the program's."""
    return folder.name if program_of(folder) is None else name_in_traces(folder)


def is_program(folder: Path) -> bool:
    """Whether ``folder`` is the recording of a program."""
    if is_there(folder / PROGRAM_FILES["program"]):
        return True
    # A process that outlives its driver makes the folder again, without the driver's own file.
    return not is_there(folder / FILES["recording"]) and any(
        is_regular(one / PROGRAM_FILES["process"]) for one in folder.glob("process-*")
    )


def program_of(folder: Path) -> Path | None:
    """The folder of the program that a recording is a group of; None where it is of none."""
    # Kept as it was given, for messages; below the working folder it may have no such parents.
    groups = folder.parent if len(folder.parents) > 2 else folder.absolute().parent
    program = groups.parent.parent
    is_group = groups.name == PROGRAM_FILES["groups"] and is_program(program)
    return program if is_group else None

"""Finds the recordings for a name or a path, and lists those in a folder."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from ..errors import RecordingError
from ..recorder.protocol import FILES, PROGRAM_FILES
from .names import TRACES, is_program, name_in_traces, program_of, windows_of
from .opened import OpenedProgram
from .regular_files import is_folder, is_there, read_regular

#: A file in a folder of recordings: the names of those that came with the folder, one per line. Lists
#: of the user's own recordings leave these out.
EXAMPLES = "examples.txt"
#: How many names of recordings an error lists.
_MOST_NAMES = 5
_MAKE_ONE = "make one with: keras-profile run PROGRAM.py"


def newest(traces: Path = TRACES) -> str:
    """Returns the name of the newest recording that did not come with ``traces``.

    Raises :class:`RecordingError` if there is none.
    """
    own = _own_names(traces)
    if not own:
        raise RecordingError(f"there is no recording in {traces}/", _MAKE_ONE)
    return own[0]


def is_newest(name: str, traces: Path = TRACES) -> bool:
    """Whether a command without a name would use the recording ``name`` in ``traces``."""
    return _own_names(traces)[:1] == [name]


def find_recording(text: str, traces: Path = TRACES) -> Path:
    """Returns the folder of the recording that a path or a name in ``traces`` refers to.

    The beginning of a name is enough if it is unique. A group of a program's calls is identified by
    the folder that its captures write to, which need not exist. A program's name refers to the group
    with most time. Raises :class:`RecordingError` if there is no recording.
    """
    text = _whole_name(text, traces)
    for folder in (Path(text), traces / text):
        if is_there(folder / FILES["recording"]) or _is_group(folder):
            return folder
    program = find_program(text, traces)
    if program is not None:
        found = OpenedProgram(program).largest_member
        if found is None:
            raise RecordingError(
                f"{program}: expected a recording with timed calls, found a program without any",
                f"see what was recorded with: keras-profile report {text}",
            )
        return found
    for folder in (Path(text), traces / text):
        members = _made(folder.glob(f"*/{FILES['recording']}"))
        if members:
            raise RecordingError(
                f"{folder}: expected one recording, found a folder of {len(members)}",
                "give one of them: " + ", ".join(name_in_traces(member) for member in members),
            )
    if is_folder(Path(text)):
        raise RecordingError(
            f"{text}: expected a recording, found a folder without {FILES['recording']}",
            "a run that failed before its first round leaves no recording",
        )
    raise RecordingError(
        f"no recording is called {text}, neither as a folder nor in {traces}/", _advice(text, traces)
    )


def _whole_name(text: str, traces: Path) -> str:
    """Returns ``text``, or the one name in ``traces`` that begins with it.

    Raises :class:`RecordingError` if several do.
    """
    if not text or is_there(Path(text)) or is_there(traces / text):
        return text
    own = _own_names(traces)
    found = [name for name in own if name.startswith(text)]
    found = found or [name for name in example_names(traces) if name.startswith(text)]
    if len(found) > 1:
        raise RecordingError(
            f"expected one recording, found {len(found)} that begin with {text}",
            f"give one of them: {_some(found)}",
        )
    return found[0] if found else text


def _own_names(traces: Path) -> list[str]:
    """Returns the names of the recordings in ``traces`` that did not come with it, newest first."""
    examples = set(example_names(traces))
    return [name for name in map(name_in_traces, list_all(traces)) if name not in examples]


def _advice(text: str, traces: Path) -> str:
    """Returns what to do if no recording is called ``text``."""
    names = [*_own_names(traces), *example_names(traces)]
    if not names:
        return _MAKE_ONE
    # Nobody types the time that a name ends with.
    by_stem = {re.sub(r"-[0-9]{8}-[0-9]{6}.*", "", name): name for name in reversed(names)}
    near = difflib.get_close_matches(text, by_stem, 1)
    return f"did you mean {by_stem[near[0]]}?" if near else f"recordings here: {_some(names)}"


def _some(names: Sequence[str]) -> str:
    """Returns names in one line: the first ones, and how many more there are."""
    rest = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")


def _is_group(folder: Path) -> bool:
    """Whether a folder is the one that a process of a program has for a group of its calls."""
    process = folder.parent.parent / PROGRAM_FILES["process"]
    return folder.name.isdigit() and program_of(folder) is not None and is_there(process)


def find_program(text: str, traces: Path = TRACES) -> Path | None:
    """Returns the folder of the program's recording that a path or name in ``traces`` refers to, or None.

    If the program was recorded in windows, it is the newest of these.
    """
    for folder in (Path(text), traces / text):
        if is_program(folder):
            return next(iter(windows_of(folder)), folder)
    return None


def find_any(text: str, traces: Path = TRACES) -> Path:
    """Returns the folder of the recording, of a workload or a program, that a path or name refers to.

    Raises :class:`RecordingError` if there is none.
    """
    text = _whole_name(text, traces)
    return find_program(text, traces) or find_recording(text, traces)


def list_programs(traces: Path = TRACES) -> list[Path]:
    """Returns the programs' recordings in ``traces``, newest first; each window is one."""
    return _newest_first(_programs(traces))


def list_recordings(traces: Path = TRACES) -> list[Path]:
    """Returns the recordings in ``traces``, newest first.

    Those that one command made are in their own folder there. They stay together, in the
    order in which they were made.
    """
    return _newest_first(_made_together(traces))


def list_all(traces: Path = TRACES) -> list[Path]:
    """Returns the recordings in ``traces`` as :func:`list_recordings` does, and those of programs."""
    return _newest_first([*_made_together(traces), *_programs(traces)])


def example_names(traces: Path = TRACES) -> list[str]:
    """Returns the names of the recordings that came with ``traces``, from its file of examples.

    Empty lines and those that begin with ``#`` are ignored. Raises :class:`RecordingError` if
    the file cannot be read.
    """
    path = traces / EXAMPLES
    try:
        lines = read_regular(path).decode().splitlines() if is_there(path) else []
    except UnicodeDecodeError as error:
        raise RecordingError(f"{path}: cannot be read: {error}", "remove it, or write it again") from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _programs(traces: Path) -> list[list[Path]]:
    """Returns the recordings of each program: its windows, newest first, or else its only one."""
    found = (folder for folder in traces.glob("*") if is_folder(folder) and is_program(folder))
    return [windows_of(folder) or [folder] for folder in found]


def _made_together(traces: Path) -> list[list[Path]]:
    groups = [[path.parent] for path in traces.glob(f"*/{FILES['recording']}")]
    groups += [_made(folder.glob(f"*/{FILES['recording']}")) for folder in traces.glob("*")]
    return [group for group in groups if group]


def _newest_first(groups: Sequence[Sequence[Path]]) -> list[Path]:
    newest_first = sorted(groups, key=lambda group: max(map(time_made, group)), reverse=True)
    return [recording for group in newest_first for recording in group]


def _made(files: Iterable[Path]) -> list[Path]:
    """Returns the recordings with these files, in the order in which they were made."""
    return sorted((path.parent for path in files), key=time_made)


def time_made(folder: Path) -> float:
    """Returns when the recording in ``folder``, of a workload or a program, was written."""
    for name in (FILES["recording"], PROGRAM_FILES["program"]):
        with suppress(OSError):
            return os.lstat(folder / name).st_mtime
    return os.lstat(folder).st_mtime

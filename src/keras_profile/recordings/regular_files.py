"""Opens untrusted files: only regular ones, and only if they fit into memory.

A FIFO, a device, a socket or a folder in place of a file is refused before anything waits for it.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from ..errors import RecordingError

#: The maximum size of a file that is read at once, in bytes.
MOST_BYTES = 1 << 28
#: The maximum size of a trace, in bytes: TensorFlow itself does not write larger ones.
MOST_TRACE_BYTES = 1 << 31

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def is_there(path: Path) -> bool:
    """Whether something is at ``path``, including a link that leads nowhere."""
    return os.path.lexists(path)


def is_regular(path: Path) -> bool:
    """Whether ``path`` is an accessible regular file, itself or through links."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):  # a name that no file can have, or a place without permission
        return False


def is_folder(path: Path) -> bool:
    """Whether ``path`` is a folder, itself or through links."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def open_regular(path: Path, most: int = MOST_BYTES) -> BinaryIO:
    """Opens the file at ``path``. Raises :class:`RecordingError` if there is none or it is too large."""
    try:
        handle = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        found = _kind_at(path)
        raise RecordingError(
            f"{path}: expected a file, found {found}"
            if found
            else f"{path}: cannot be read ({_reason(error)})"
        ) from error
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise RecordingError(f"{path}: expected a file, found {_kind(facts.st_mode)}")
        if facts.st_size > most:
            raise RecordingError(
                f"{path}: expected at most {most >> 20} MB, found {facts.st_size >> 20} MB",
                "record less at once, or give another file",
            )
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_regular(path: Path, most: int = MOST_BYTES) -> bytes:
    """Reads a file that :func:`open_regular` opens. Raises :class:`RecordingError`."""
    with open_regular(path, most) as file:
        return _read(file, path, most)[0]


def read_beginning(path: Path, most: int) -> tuple[bytes, bool]:
    """Reads the first ``most`` bytes of a regular file of any size, and whether it has more.

    Raises :class:`RecordingError`.
    """
    with open_regular(path, sys.maxsize) as file:
        return _read(file, path, most)


def _read(file: BinaryIO, path: Path, most: int) -> tuple[bytes, bool]:
    try:
        data = file.read(most)  # and no more, even if it grows in the meantime
        return data, len(data) == most and bool(file.read(1))
    except OSError as error:  # some files only claim to be regular, such as a process's memory
        raise RecordingError(f"{path}: cannot be read ({_reason(error)})") from error


def _kind_at(path: Path) -> str:
    """Returns what is at ``path`` in place of a file, in words; empty if it may be a file."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return ""
    return "" if stat.S_ISREG(mode) else _kind(mode)


def _kind(mode: int) -> str:
    return next((words for fits, words in _KINDS if fits(mode)), "something else")


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)

"""Writes the files of reports and exports.

A file is complete or not there: it is written under another name, and renamed. Links are neither followed
nor replaced, since whoever made them controls where they lead.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import msgspec

from ..errors import KerasProfileError
from ..model.recorded import to_json
from ..recorder.protocol.visible import readable_json
from .regular_files import is_regular, is_there, read_regular

#: Characters that JSON may contain, and that a terminal showing the file would obey.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_NEW |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def encode_json(content: object) -> bytes:
    """Encodes a report or a summary for writing: readable, with keys in the format's order."""
    try:
        text = msgspec.json.encode(content, enc_hook=to_json).decode()
    except UnicodeEncodeError:  # a name that is not text, such as that of a folder
        text = readable_json(json.dumps(msgspec.to_builtins(content, enc_hook=to_json)))
    escaped = _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return msgspec.json.format(escaped, indent=1).encode() + b"\n"


def write_files(folder: Path, files: Sequence[tuple[str, bytes]]) -> list[Path]:
    """Writes files into ``folder``, which must exist; folders in their names are made.

    Raises :class:`KerasProfileError`, also if a link is in the way.
    """
    return [_write(folder, name, partial(shutil.copyfileobj, BytesIO(data))) for name, data in files]


def copy_file(source: BinaryIO, folder: Path, name: str) -> Path:
    """Writes the unread rest of ``source``, like :func:`write_files`."""
    return _write(folder, name, partial(shutil.copyfileobj, source))


def _write(folder: Path, name: str, fill: Callable[[BinaryIO], object]) -> Path:
    path = folder / name
    try:
        *parents, _ = Path(name).parts
        for count in range(1, len(parents) + 1):
            make_folder(folder.joinpath(*parents[:count]))
        refuse_link(path)
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        _write_new(part, fill)
        try:
            os.replace(part, path)
        except OSError:
            part.unlink()
            raise
    except OSError as error:
        raise KerasProfileError(
            f"{folder}: cannot be written to: {error.strerror}",
            "make room on the disk" if error.errno == errno.ENOSPC else "give another folder with --output",
        ) from error
    return path


def make_folder(folder: Path) -> Path:
    """Returns ``folder``, made if necessary in one that exists.

    Raises :class:`KerasProfileError` if a link or a file is in its place, or if it cannot be made.
    """
    try:
        folder.mkdir()
    except FileExistsError as error:
        refuse_link(folder)
        if not folder.is_dir():
            raise KerasProfileError(
                f"{folder}: expected a folder to write to, found a file",
                "remove it, or give another folder with --output",
            ) from error
    except OSError as error:
        raise KerasProfileError(
            f"{folder}: cannot be created: {error.strerror}", "give another folder with --output"
        ) from error
    return folder


def refuse_link(path: Path) -> None:
    """Raises :class:`KerasProfileError` if ``path`` is a link."""
    if path.is_symlink():
        raise KerasProfileError(
            f"{path}: expected a place to write to, found a link to {os.readlink(path)}",
            "remove the link, or give another folder with --output",
        )


def _write_new(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """Writes a new file, completely or not at all."""
    with os.fdopen(os.open(path, _NEW, 0o666), "wb") as file:
        try:
            fill(file)
            file.flush()
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise


def write_new(path: Path, data: bytes) -> Path:
    """Writes a new file. Raises :class:`KerasProfileError`."""
    try:
        _write_new(path, partial(shutil.copyfileobj, BytesIO(data)))
    except FileExistsError as error:
        raise KerasProfileError(f"{path}: already exists", "give another name with --output") from error
    except OSError as error:
        raise KerasProfileError(
            f"{path}: cannot be written: {error.strerror}", "give another place with --output"
        ) from error
    return path


def write_once(folder: Path, name: str, suffix: str, data: bytes) -> Path:
    """Writes ``data`` to ``name`` and ``suffix`` in ``folder``. Returns the path.

    If that exists, a number is put between them. A file that already has ``data`` stays.
    """
    path, number = folder / (name + suffix), 2
    while is_there(path):
        if is_regular(path) and path.stat().st_size == len(data) and read_regular(path) == data:
            return path
        path, number = folder / f"{name}-{number}{suffix}", number + 1
    return write_new(path, data)

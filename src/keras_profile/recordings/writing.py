"""Writes files: what a report and its exports are, as bytes, to where they go."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ..errors import KerasProfileError
from ..model.recorded import to_json
from ..recorder.protocol.visible import readable_json

#: What JSON may have as it stands, and a terminal that shows the file would obey.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def encode_json(content: object) -> bytes:
    """A report or a summary as it is written: readable, keys in the format's order."""
    try:
        text = msgspec.json.encode(content, enc_hook=to_json).decode()
    except UnicodeEncodeError:  # a name that is no text, such as that of a folder
        text = readable_json(json.dumps(msgspec.to_builtins(content, enc_hook=to_json)))
    escaped = _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return msgspec.json.format(escaped, indent=1).encode() + b"\n"


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

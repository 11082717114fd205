"""Reads and writes ``keras_profile.lock``."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ...errors import KerasProfileError
from ...model.lock import LOCK_SCHEMA, LockedCall, LockFile
from ...recordings.writing import encode_json


def read_lock(path: Path) -> LockFile:
    """The lock in ``path``. Raises :class:`KerasProfileError` if there is none, or it is another file."""
    advice = "write it with: keras-profile gate --update"
    try:
        lock = msgspec.json.decode(path.read_bytes(), type=LockFile)
    except FileNotFoundError as error:
        raise KerasProfileError(f"{path}: expected a lock, found no such file", advice) from error
    except (OSError, msgspec.DecodeError) as error:
        raise KerasProfileError(f"{path}: expected a lock, found something else: {error}", advice) from error
    if lock.schema.name != LOCK_SCHEMA.name or lock.schema.version > LOCK_SCHEMA.version:
        raise KerasProfileError(
            f"{path}: expected {LOCK_SCHEMA.name} of version {LOCK_SCHEMA.version} or earlier, found "
            f"{lock.schema.name} of version {lock.schema.version}",
            "install a newer keras-profile, or write the file again: keras-profile gate --update",
        )
    return lock


def write_lock(path: Path, calls: dict[str, LockedCall]) -> None:
    """Writes a lock of these calls, in order of their names. Raises :class:`KerasProfileError`."""
    content = LockFile(LOCK_SCHEMA, dict(sorted(calls.items())))
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(encode_json(content))
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise KerasProfileError(f"{path}: cannot be written: {error.strerror}") from error

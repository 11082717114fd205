"""The files of a store: in a folder, or in an object store that DuckDB reads and writes.

A file has its final name when it is whole. Files are never changed.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ...errors import KerasProfileError, RecordingError
from ...recordings.regular_files import is_folder, is_regular, is_there, read_regular
from .duck import REMOTE, first_line, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

#: The most bytes of ``store.json``.
_MOST_BYTES = 1 << 16
#: Parts of files that a killed process left are removed after so long.
_OLD_S = 86_400
_PARQUET = ".parquet"


class Place(Protocol):
    """Where a store is. Names are relative to it, with ``/`` between their parts."""

    def names(self, folder: str) -> list[str]:
        """The Parquet files below a folder, in a constant order; none if there is no such folder."""

    def paths(self, names: Iterable[str]) -> list[str]:
        """The files as DuckDB calls them."""

    def text(self, name: str) -> str | None:
        """The content of a small file; None if there is none."""

    def is_free(self) -> bool:
        """Whether there is nothing at this place; what another process is writing does not count."""

    def write(self, name: str, query: str, parameters: Sequence[object], form: str) -> None:
        """Writes what a query returns, in DuckDB's ``form``, as one whole file, in place of an older one."""

    def remove(self, names: Iterable[str]) -> None:
        """Removes files; those that are gone already count as removed."""


def place_at(text: str, connection: Connection) -> Place:
    """The place that a path or an address names."""
    return ObjectStore(text, connection) if is_remote(text) else Folder(Path(text), connection)


def is_remote(text: str) -> bool:
    """Whether a store's place is an address in an object store."""
    return text.startswith(REMOTE)


class Folder:
    """A store in a folder. Links in it are not followed."""

    def __init__(self, folder: Path, connection: Connection) -> None:
        self._folder = folder.absolute()
        self._connection = connection

    def names(self, folder: str) -> list[str]:
        found = []
        for place, folders, files in os.walk(self._folder / folder):
            folders.sort()
            inner = Path(place).relative_to(self._folder).as_posix()
            found += [f"{inner}/{name}" for name in sorted(files) if _is_whole(name)]
        return found

    def paths(self, names: Iterable[str]) -> list[str]:
        return [str(self._folder / name) for name in names]

    def text(self, name: str) -> str | None:
        path = self._folder / name
        if not is_there(path):
            return None
        try:
            return read_regular(path, _MOST_BYTES).decode()
        except UnicodeDecodeError as error:
            raise RecordingError(f"{path}: expected JSON, found something else: {error}") from error

    def is_free(self) -> bool:
        if not is_there(self._folder):
            return True
        return is_folder(self._folder) and all(map(_is_part, self._folder.iterdir()))

    def write(self, name: str, query: str, parameters: Sequence[object], form: str) -> None:
        path = self._folder / name
        part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection.execute(f"COPY ({query}) TO {quoted(str(part))} ({form})", parameters)
            # The name must not come to the disk before the content does.
            with part.open("rb") as file:
                os.fsync(file.fileno())
            os.replace(part, path)
        except OSError as error:
            raise KerasProfileError(
                f"{self._folder}: cannot be written to: {error.strerror}",
                "give another folder with --to, or make room on the disk",
            ) from error
        finally:
            part.unlink(missing_ok=True)

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            (self._folder / name).unlink(missing_ok=True)

    def remove_old_parts(self) -> None:
        """Removes the parts of files that were never completed."""
        for part in self._folder.rglob(".*.part"):
            with suppress(OSError):  # its writer has completed it in the meantime
                if is_regular(part) and time.time() - part.lstat().st_mtime > _OLD_S:
                    part.unlink()


class ObjectStore:
    """A store at an address such as ``s3://bucket/folder``. A file there is whole when it can be seen."""

    def __init__(self, address: str, connection: Connection) -> None:
        self._address = address.rstrip("/")
        self._connection = connection

    def names(self, folder: str) -> list[str]:
        pattern = f"{self._address}/{folder}/**/*{_PARQUET}"
        found = self._ask("SELECT file FROM glob($1) ORDER BY file", [pattern])
        start = len(self._address) + 1
        return [str(path)[start:] for (path,) in found if _is_whole(str(path).rpartition("/")[2])]

    def paths(self, names: Iterable[str]) -> list[str]:
        return [f"{self._address}/{name}" for name in names]

    def text(self, name: str) -> str | None:
        path = f"{self._address}/{name}"
        # Without a wildcard, DuckDB takes it that there is such a file.
        if (path,) not in self._ask("SELECT file FROM glob($1)", [f"{path[:-1]}*"]):
            return None
        ((text,),) = self._ask("SELECT content FROM read_text($1)", [path])
        return str(text)

    def is_free(self) -> bool:
        return not self._ask("SELECT file FROM glob($1) LIMIT 1", [f"{self._address}/**"])

    def write(self, name: str, query: str, parameters: Sequence[object], form: str) -> None:
        target = quoted(f"{self._address}/{name}")
        self._ask(f"COPY ({query}) TO {target} ({form})", parameters)

    def remove(self, names: Iterable[str]) -> None:
        raise KerasProfileError(
            f"{self._address}: files of an object store cannot be merged from here",
            "copy the store into a folder, merge it there with --compact, and copy it back",
        )

    def _ask(self, query: str, parameters: Sequence[object]) -> list[tuple[object, ...]]:
        import duckdb

        try:
            return self._connection.execute(query, parameters).fetchall()
        except duckdb.IOException as error:  # HTTP errors too
            raise KerasProfileError(
                f"{self._address}: cannot be read or written: {first_line(error)}",
                "check the address and the keys: docs/fleet.md#object-stores",
            ) from error


def _is_part(path: Path) -> bool:
    return path.name.startswith(".") and path.suffix == ".part"


def _is_whole(name: str) -> bool:
    return name.endswith(_PARQUET) and not name.startswith(".")

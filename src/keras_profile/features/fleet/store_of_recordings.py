"""A store: adds recordings, each once, and merges small files.

A recording is a file of its own, named after its identity, in the folder of its month. Merging writes a file
with the rows of several and then removes those. Whoever reads in between finds a recording twice and takes it
once (:mod:`fleet_database`), so neither an interruption nor a second process at work does harm.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from ...errors import KerasProfileError, RecordingError
from ...model.recording import Schema
from ...model.store import STORE_SCHEMA, RecordingRow, StoreFile
from .duck import first_line
from .places import Place, place_at
from .store_layout import column_types, encoded_types

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

#: The file that says that a place is a store, and of which version.
STORE_FILE = "store.json"
#: The folder of the recordings' files.
RECORDINGS = "recordings"
#: So many files of a month and about one size are merged: reading is fast, and a row is rewritten seldom.
FILES_TO_MERGE = 16
#: A file is merged so often at most: with the figure above, files of more than 4,096 recordings stay.
MOST_LEVELS = 3
#: Recordings in a row group: whoever writes or reads keeps one in memory.
_ROW_GROUP = 2048
_PARQUET = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP}"
_MERGED = "merged-"


@dataclass
class Merged:
    """How many files were merged, and why others were not."""

    files: int = 0
    notes: list[str] = field(default_factory=list)


class Store:
    """A store at a place, which may be an object store."""

    def __init__(self, place: str, connection: Connection) -> None:
        self.place: Place = place_at(place, connection)
        self.name = place
        self._connection = connection
        self._ids: dict[str, set[str]] = {}

    def check(self) -> None:
        """Raises :class:`RecordingError` if there is no store, or one of a newer version."""
        text = self.place.text(STORE_FILE)
        if text is None:
            raise RecordingError(
                f"{self.name}: expected a store, found none there",
                f"make one with: keras-profile collect traces --to {self.name}",
            )
        try:
            found = msgspec.json.decode(text, type=StoreFile).schema
        except msgspec.MsgspecError as error:
            raise RecordingError(
                f"{self.name}/{STORE_FILE}: expected {STORE_SCHEMA.name}, found something else: {error}",
                "copy the file again from another store of this version, or collect into a new one",
            ) from error
        _refuse_other(found, f"{self.name}/{STORE_FILE}")

    def check_or_make(self) -> None:
        """The same, but makes the store if nothing is at its place."""
        if self.place.text(STORE_FILE) is not None:
            self.check()
        elif self.place.is_free():
            query = "SELECT {'name': $1::VARCHAR, 'version': $2::INTEGER} AS schema"
            self.place.write(STORE_FILE, query, [STORE_SCHEMA.name, STORE_SCHEMA.version], "FORMAT json")
        elif self.place.text(STORE_FILE) is not None:  # another collector made it since the first look
            self.check()
        else:
            raise KerasProfileError(
                f"{self.name}: expected a store or a new folder, found something else",
                "give another place with --to; nothing is overwritten",
            )

    def files(self) -> list[str]:
        """The names of the files with recordings."""
        return self.place.names(RECORDINGS)

    def has(self, identity: str, made_at: datetime.datetime) -> bool:
        """Whether a recording is in the store, in the month in which it was made."""
        month = _month(made_at)
        if month not in self._ids:
            self._ids[month] = self._ids_of(month)
        return identity in self._ids[month]

    def _ids_of(self, month: str) -> set[str]:
        """The identities of all recordings of a month, without those in merged files that cannot be read.

        Of such a file, a recording is added again: it is in the store once in any case.
        """
        import duckdb

        names = self.place.names(month)
        found = {name.rpartition("/")[2].partition(".")[0] for name in names if not _is_merged(name)}
        merged = self.place.paths(name for name in names if _is_merged(name))
        query = "SELECT id FROM read_parquet($1)"
        try:
            ids = self._connection.execute(query, [merged]).fetchall() if merged else []
        except duckdb.Error:  # one is damaged, or was merged meanwhile
            ids = []
            for path in merged:
                with contextlib.suppress(duckdb.Error):
                    ids += self._connection.execute(query, [[path]]).fetchall()
        return found | {str(one) for (one,) in ids}

    def add(self, row: RecordingRow) -> None:
        """Adds a recording. Raises :class:`KerasProfileError` if that is not possible."""
        import duckdb

        month = _month(row.made_at)
        # As a constant, it would be read again for each column.
        rows = "SELECT from_json(text::JSON, $2) AS one FROM (SELECT unnest([$1]) AS text)"
        query = f"SELECT unnest(one) FROM ({rows})"
        try:
            parameters = [encoded(row), encoded_types()]
            self.place.write(f"{month}/{row.id}.parquet", query, parameters, _PARQUET)
        except duckdb.Error as error:
            raise RecordingError(f"{row.recording}: cannot be stored: {first_line(error)}") from error
        self._ids.setdefault(month, set()).add(row.id)

    def merge(self, months: Iterable[str], all_files: bool = False) -> Merged:
        """Merges files of these months, if there are many.

        With ``all_files``, all files of a month become one, except for those that are large already. Raises
        :class:`KerasProfileError` for an object store with files to merge.
        """
        merged = Merged()
        for month in sorted(set(months)):
            self._merge_month(month, all_files, merged)
        return merged

    def months(self) -> set[str]:
        """The folders of all months that have files."""
        return {name.rpartition("/")[0] for name in self.files()}

    def _merge_month(self, month: str, all_files: bool, merged: Merged) -> None:
        for level in range(MOST_LEVELS):
            names = [
                name
                for name in self.place.names(month)
                if (_level(name) < MOST_LEVELS if all_files else _level(name) == level)
            ]
            if len(names) >= (2 if all_files else FILES_TO_MERGE):
                try:
                    self._merge_files(month, names, level + 1)
                    merged.files += len(names)
                except RecordingError as error:
                    merged.notes.append(error.message)
                    return

    def _merge_files(self, month: str, names: Sequence[str], level: int) -> None:
        import duckdb

        paths = self.place.paths(names)
        read = "read_parquet($1, filename = true)"
        try:
            ids = [
                str(one) for (one,) in self._connection.execute(f"SELECT id FROM {read}", [paths]).fetchall()
            ]
            level = max(level, min(_level_of(len(ids)), MOST_LEVELS))
            columns = ", ".join(column_types(RecordingRow))
            query = f"SELECT {columns} FROM {read}"
            if len(set(ids)) < len(ids):  # an interrupted merge left both
                twice = f"SELECT id FROM {read} GROUP BY id HAVING count(*) > 1"
                first = f"SELECT id, min(filename) FROM {read} GROUP BY id"
                query += f" WHERE id NOT IN ({twice}) OR (id, filename) IN ({first})"
            self.place.write(merged_name(month, level, names), query, [paths], _PARQUET)
        except duckdb.Error as error:
            # One of them is damaged, or another process merges them now: they stay as they are.
            raise RecordingError(f"{month}: files were not merged: {first_line(error)}") from error
        self.place.remove(names)


def encoded(row: RecordingRow) -> str:
    """A row as JSON without what DuckDB refuses: characters that are none, and null characters."""
    return msgspec.json.encode(_storable(msgspec.to_builtins(row))).decode()


def _storable(value: object) -> object:
    if isinstance(value, str):
        if value.isascii() and "\0" not in value:
            return value
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_storable(key): _storable(one) for key, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list) else value


def _refuse_other(found: Schema, where: str) -> None:
    if found.name == STORE_SCHEMA.name and found.version > STORE_SCHEMA.version:
        raise RecordingError(
            f"{where}: is version {found.version} of {found.name}, this keras_profile knows "
            f"{STORE_SCHEMA.version}",
            "update keras-profile",
        )
    if found != STORE_SCHEMA:
        raise RecordingError(
            f"{where}: expected {STORE_SCHEMA.name} version {STORE_SCHEMA.version}, found {found.name} "
            f"version {found.version}",
            "give the place of a store",
        )


def merged_name(month: str, level: int, names: Sequence[str]) -> str:
    """The name of the file that these are merged into."""
    digest = hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]
    return f"{month}/{_MERGED}{level}-{digest}.parquet"


def month_of(row: RecordingRow) -> str:
    """The folder of a row's file."""
    return _month(row.made_at)


def _month(made_at: datetime.datetime) -> str:
    return f"{RECORDINGS}/month={made_at:%Y-%m}"


def _is_merged(name: str) -> bool:
    return name.rpartition("/")[2].startswith(_MERGED)


def _level(name: str) -> int:
    """How large a file is, from its name: 0 for a single recording.

    >>> _level("recordings/month=2026-11/merged-2-0f.parquet"), _level("recordings/month=2026-11/ab.parquet")
    (2, 0)
    """
    stem = name.rpartition("/")[2]
    digit = stem.removeprefix(_MERGED)[:1]
    return int(digit) if stem.startswith(_MERGED) and digit.isdigit() else 0


def _level_of(recordings: int) -> int:
    """The level of a file with so many recordings.

    >>> _level_of(15), _level_of(16), _level_of(300), _level_of(5000)
    (0, 1, 2, 3)
    """
    level = 0
    while recordings >= FILES_TO_MERGE ** (level + 1):
        level += 1
    return level

"""A store as tables in DuckDB: each recording once, without files that cannot be read."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from ...errors import KerasProfileError, RecordingError
from ...model.store import RecordingRow
from ...number_words import plural
from .duck import connection, first_line, quoted
from .places import is_remote
from .store_layout import STORED, TABLES, column_types, view
from .store_of_recordings import Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

#: The most damaged files that are named.
_MOST_NAMED = 5
#: How often files are listed again that another process has merged in the meantime.
_TRIES = 4

_Answer = TypeVar("_Answer")


class FleetDatabase:
    """The tables of a store. ``notes`` says what cannot be read, in sentences."""

    def __init__(self, place: str, connected: Connection) -> None:
        """Raises :class:`RecordingError` if there is no store, or none with recordings."""
        self.connection = connected
        self._store = Store(place, connected)
        self._damaged: dict[str, str] = {}
        self._paths: list[str] = []
        self._tried: list[str] = []
        self._store.check()
        self.read(lambda: None)

    @property
    def notes(self) -> list[str]:
        """A sentence for each damaged file, up to a few."""
        named = [
            f"{path}: damaged and left out; remove it and collect its recordings again: "
            + why.replace(f" '{path}'", "")
            for path, why in self._damaged.items()
        ]
        rest = len(named) - _MOST_NAMED
        more = [f"{plural(rest, 'more file')} cannot be read"] if rest > 0 else []
        return named[:_MOST_NAMED] + more

    def read(self, question: Callable[[], _Answer]) -> _Answer:
        """The answer of a ``question`` that reads tables.

        If it fails because files are damaged or were merged meanwhile, it is asked again without them. Raises
        what DuckDB raises for other reasons, such as a table that there is none of.
        """
        import duckdb

        for _ in range(_TRIES):
            try:
                if not self._paths:
                    self._make_views()
            except duckdb.Error as error:
                self._leave_out(error)
                continue
            try:
                return question()
            except (
                duckdb.IOException,
                duckdb.InvalidInputException,
                duckdb.SerializationException,
                duckdb.InternalException,
            ) as error:
                self._leave_out(error)
        raise RecordingError(
            f"{self._store.name}: its files changed each time they were read", "try again in a moment"
        )

    def lock(self) -> None:
        """From now on only the tables can be read, and nothing else: no files, no settings, no extensions."""
        paths = ", ".join(map(quoted, self._paths))
        self.connection.execute(f"SET allowed_paths = [{paths}]")
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")

    def _listed(self) -> list[str]:
        found = self._store.place.paths(self._store.files())
        return [path for path in found if path not in self._damaged]

    def _make_views(self) -> None:
        paths = self._tried = self._listed()
        if not paths:
            raise RecordingError(
                f"{self._store.name}: expected recordings, found a store without any"
                + "".join(f"; {note}" for note in self.notes),
                f"collect some: keras-profile collect traces --to {self._store.name}",
            )
        # A recording is in two files while these are merged.
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE twice AS SELECT id, filename FROM "
            f"read_parquet({_listed(paths)}, filename = true) "
            "QUALIFY row_number() OVER (PARTITION BY id ORDER BY filename) > 1"
        )
        ((twice,),) = self.connection.execute("SELECT count(*) FROM twice").fetchall()
        once = " WHERE (id, filename) NOT IN (SELECT id, filename FROM twice)" if twice else ""
        for table in reversed(TABLES):
            self.connection.execute(f"DROP VIEW IF EXISTS {table.name}")
        self.connection.execute(f"CREATE OR REPLACE VIEW {STORED} AS {_columns(paths)}{once}")
        for table in TABLES:
            self.connection.execute(view(table))
        self._paths = paths

    def _leave_out(self, error: Exception) -> None:
        """Has the views made again without damaged files; raises ``error`` if that is not the reason."""
        listed = self._listed()
        # Files that were merged meanwhile are no longer there, and their rows are in others.
        if set(self._tried) <= set(listed):
            known = len(self._damaged)
            self._find_damaged(listed)
            if len(self._damaged) == known:
                raise error
        self._paths = []

    def _find_damaged(self, paths: Sequence[str]) -> None:
        """Finds files that cannot be read, by halves, since most can."""
        why = self._unreadable(paths)
        if not why:
            return
        if len(paths) == 1:
            self._damaged[paths[0]] = why
            return
        self._find_damaged(paths[: len(paths) // 2])
        self._find_damaged(paths[len(paths) // 2 :])

    def _unreadable(self, paths: Sequence[str]) -> str:
        """Why the files' content cannot be read as a whole; empty if it can."""
        import duckdb

        try:
            # All of a row goes into its hash.
            self.connection.execute(f"SELECT max(hash(one)) FROM ({_columns(paths)}) one").fetchall()
        except duckdb.Error as error:
            return first_line(error)
        return ""


@contextlib.contextmanager
def fleet_database(place: str) -> Iterator[FleetDatabase]:
    """The tables of the store at a place. Raises :class:`KerasProfileError`."""
    with connection(is_remote(place)) as connected:
        import duckdb

        try:
            yield FleetDatabase(place, connected)
        except duckdb.OutOfMemoryException as error:
            raise KerasProfileError(
                f"{place}: the answer needs more memory than DuckDB may use: {first_line(error)}",
                "ask for fewer rows or columns, or for one service",
            ) from error


def _columns(paths: Sequence[str]) -> str:
    """The query for all columns of some files, each of the type that it has in a store."""
    columns = ", ".join(f"{name}::{kind} AS {name}" for name, kind in column_types(RecordingRow).items())
    return f"SELECT {columns} FROM read_parquet({_listed(paths)}, filename = true)"


def _listed(paths: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, paths))}]"

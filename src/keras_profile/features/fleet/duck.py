"""DuckDB, which the extra ``[fleet]`` installs: connections with bounded memory that load nothing."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING

from ...errors import KerasProfileError

if TYPE_CHECKING:
    import duckdb

#: What DuckDB may use. What does not fit is written to a temporary folder.
MEMORY = "500MB"
#: Threads need memory of their own.
MOST_THREADS = 4
#: Beginnings of the places that DuckDB's extension httpfs reads and writes.
REMOTE = ("s3://", "gs://", "gcs://", "r2://")


@contextlib.contextmanager
def connection(remote: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to an empty database in memory, with access to object stores if ``remote``.

    Raises :class:`KerasProfileError` if DuckDB is missing, or its extension for object stores.
    """
    module = _duckdb()
    with tempfile.TemporaryDirectory(prefix="keras_profile-", ignore_cleanup_errors=True) as scratch:
        settings = {
            "memory_limit": MEMORY,
            "temp_directory": scratch,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
        }
        with module.connect(config=settings) as made:
            threads = made.execute("SELECT current_setting('threads')").fetchone()
            made.execute(f"SET threads = {min(int(threads[0]) if threads else 1, MOST_THREADS)}")
            if remote:
                _load_httpfs(made)
            yield made


def _duckdb() -> ModuleType:
    try:
        import duckdb
    except ImportError as error:
        raise KerasProfileError(
            "a store needs the package duckdb, which is not installed",
            "install it with: pip install 'keras-profile[fleet]'",
        ) from error
    return duckdb


def _load_httpfs(made: duckdb.DuckDBPyConnection) -> None:
    import duckdb

    try:
        try:
            made.execute("LOAD httpfs")
        except duckdb.IOException:  # DuckDB has no copy of it yet
            made.execute("INSTALL httpfs")
            made.execute("LOAD httpfs")
        made.execute(_secret(os.environ))
    except duckdb.Error as error:
        raise KerasProfileError(
            f"DuckDB's extension for object stores cannot be loaded: {first_line(error)}",
            "DuckDB downloads it once: allow that, or copy the store into a folder and give that",
        ) from error


def _secret(variables: Mapping[str, str]) -> str:
    """The statement that gives DuckDB the keys in AWS' variables; without them, DuckDB's own secrets count.

    >>> _secret({"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"})
    "CREATE SECRET (TYPE s3, KEY_ID 'a', SECRET 'b')"
    """
    parts = {
        name: variables[variable]
        for name, variable in (
            ("KEY_ID", "AWS_ACCESS_KEY_ID"),
            ("SECRET", "AWS_SECRET_ACCESS_KEY"),
            ("SESSION_TOKEN", "AWS_SESSION_TOKEN"),
            ("REGION", "AWS_REGION"),
        )
        if variables.get(variable)
    }
    if "KEY_ID" not in parts:
        return "SELECT 1"
    scheme, _, endpoint = variables.get("AWS_ENDPOINT_URL", "").rpartition("://")
    if endpoint:
        parts |= {"ENDPOINT": endpoint.rstrip("/"), "URL_STYLE": "path"}
    given = "".join(f", {name} {quoted(value)}" for name, value in parts.items())
    return f"CREATE SECRET (TYPE s3{given}{', USE_SSL false' if scheme == 'http' else ''})"


def first_line(error: Exception) -> str:
    """What went wrong in one line: DuckDB adds hints and the statement below."""
    return str(error).strip().partition("\n")[0]


def quoted(text: str) -> str:
    """``text`` as a constant in SQL.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"

"""The layout of a store in DuckDB's terms: column types, and a view for each table.

Both follow from the types in :mod:`keras_profile.model.store`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from ...model.store import (
    CallRow,
    CallSiteRow,
    ComparisonRow,
    FindingRow,
    InternalRow,
    LayerRow,
    PhaseRow,
    RecordingRow,
)

#: The view of the files themselves: each row is a recording with its lists.
STORED = "stored"
#: Columns of a recording that each table has in front of its own, so that most questions need no join.
SHARED = ("id", "service", "version", "host", "date", "made_at")

#: Columns of a line that the tables of lines have, too.
OF_LINE = ("place", "entry")

_PLAIN = {
    inspect.StrType: "VARCHAR",
    inspect.IntType: "BIGINT",
    inspect.FloatType: "DOUBLE",
    inspect.BoolType: "BOOLEAN",
    inspect.DateType: "DATE",
    inspect.DateTimeType: "TIMESTAMP",
}


@dataclass(frozen=True)
class Table:
    """A table of a store: its name, the type of its rows, and the list that holds them; "" for recordings."""

    name: str
    row: type
    within: str = ""


TABLES = (
    Table("recordings", RecordingRow),
    Table("call_sites", CallSiteRow, "call_sites"),
    Table("phases", PhaseRow, "phases"),
    Table("internals", InternalRow, "internals"),
    Table("layers", LayerRow, "layers"),
    Table("findings", FindingRow, "findings"),
    Table("comparisons", ComparisonRow, "comparisons"),
    Table("calls", CallRow, "measured_calls"),
)
_LISTS = {table.within for table in TABLES if table.within}


@cache
def column_types(row: type) -> dict[str, str]:
    """DuckDB's type of each column of a row.

    >>> column_types(PhaseRow)["self_ns"], column_types(RecordingRow)["labels"]
    ('BIGINT', 'MAP(VARCHAR, VARCHAR)')
    """
    info: Any = inspect.type_info(row)
    return {one.encode_name: _type(one.type) for one in info.fields}


def own_columns(table: Table) -> list[str]:
    """The columns of a table, without those that stand for other tables."""
    return [name for name in column_types(table.row) if name not in _LISTS]


@cache
def encoded_types() -> str:
    """The types of a whole recording, as DuckDB's ``from_json`` takes them."""
    return msgspec.json.encode(column_types(RecordingRow)).decode()


def view(table: Table) -> str:
    """The statement that makes the view of a table."""
    if not table.within:
        return f"CREATE VIEW {table.name} AS SELECT {', '.join(own_columns(table))} FROM {STORED}"
    shared = ", ".join(SHARED)
    own = ", ".join(f"one.{name}" for name in own_columns(table))
    inner = f"SELECT {shared}, call_sites, unnest({table.within}) AS one FROM {STORED}"
    # So that no question about a line needs a join either.
    of_line = "".join(
        f"call_sites[one.site + 1].{name} AS {name}, " for name in OF_LINE if name not in own_columns(table)
    )
    return f"CREATE VIEW {table.name} AS SELECT {shared}, {of_line}{own} FROM ({inner})"


def _type(part: inspect.Type) -> str:
    if isinstance(part, inspect.Metadata):
        return _type(part.type)
    if isinstance(part, inspect.UnionType):
        (only,) = (one for one in part.types if not isinstance(one, inspect.NoneType))
        return _type(only)
    if isinstance(part, inspect.ListType):
        return f"{_type(part.item_type)}[]"
    if isinstance(part, inspect.DictType):
        return f"MAP({_type(part.key_type)}, {_type(part.value_type)})"
    if isinstance(part, inspect.DataclassType):
        fields = ", ".join(f"{name} {kind}" for name, kind in column_types(part.cls).items())
        return f"STRUCT({fields})"
    return _PLAIN[type(part)]


def utc(text: str) -> datetime.datetime:
    """A time with its offset, as recordings have it, in UTC and without the offset.

    Raises :class:`ValueError` for anything else.

    >>> utc("2026-03-01T01:30:00+0200"), utc("2026-03-01T01:30:00+02:00").day
    (datetime.datetime(2026, 2, 28, 23, 30), 28)
    """
    made = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
    return made.astimezone(datetime.timezone.utc).replace(tzinfo=None)

"""Reads ``cprofile.json``: what cProfile counted, as a call graph.

The ``.prof`` file next to it is for viewers: it is marshal, which must not be loaded from a
recording that came from elsewhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from ...errors import RecordingError
from ...model.call_graph import CallGraph, Function
from ...model.ranges import Count, Nanoseconds
from ..json_text import UNDECODABLE, decode
from ..regular_files import read_regular

#: The maximum time of all functions.
_MOST_NS = 1 << 53


class _Table(msgspec.Struct):
    calls: Count
    wall_ns: Nanoseconds
    functions: list[tuple[str, Count, str]]
    primitive_calls: list[Count]
    total_calls: list[Count]
    self_ns: list[Nanoseconds]
    total_ns: list[Nanoseconds]
    edges: list[tuple[Count, Count, Count, Nanoseconds]]
    edge_self_ns: list[Nanoseconds] = []

    def __post_init__(self) -> None:
        columns = (self.primitive_calls, self.total_calls, self.self_ns, self.total_ns)
        if {len(column) for column in columns} != {len(self.functions)}:
            raise ValueError("the columns differ in length")
        if len(self.edge_self_ns) not in (0, len(self.edges)):
            raise ValueError("some edges have no own time")
        if max(sum(self.self_ns), sum(self.edge_self_ns)) > _MOST_NS:
            raise ValueError("its functions took more time than any recording takes")
        known = range(len(self.functions))
        if not all(caller in known and callee in known for caller, callee, _, _ in self.edges):
            raise ValueError("an edge refers to an unknown function")


def read_cprofile(path: Path) -> CallGraph:
    """Reads the call graph in ``path``. Raises :class:`RecordingError` if it is none."""
    try:
        table = decode(read_regular(path), _Table)
    except UNDECODABLE as error:
        raise RecordingError(
            f"{path}: expected the cProfile table of a recording, found something else ({error})",
            "record again with: keras-profile profile TARGET",
        ) from error
    columns: dict[str, Any] = msgspec.structs.asdict(table)
    columns["functions"] = [Function(file, line, name) for file, line, name in table.functions]
    return CallGraph(**columns)


READ = read_cprofile

"""Reads ``cprofile.json``: what cProfile counted, as a call graph.

The ``.prof`` beside it is for viewers: it is marshal, which must not be loaded from a
recording that came from elsewhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from ...errors import RecordingError
from ...model.call_graph import CallGraph, Function
from ..json_files import UNDECODABLE


class _Table(msgspec.Struct):
    calls: int
    wall_ns: int
    functions: list[tuple[str, int, str]]
    primitive_calls: list[int]
    total_calls: list[int]
    self_ns: list[int]
    total_ns: list[int]
    edges: list[tuple[int, int, int, int]]
    edge_self_ns: list[int] = []

    def __post_init__(self) -> None:
        columns = (self.primitive_calls, self.total_calls, self.self_ns, self.total_ns)
        if {len(column) for column in columns} != {len(self.functions)}:
            raise ValueError("the columns are of unlike length")
        if len(self.edge_self_ns) not in (0, len(self.edges)):
            raise ValueError("not every edge has a time of its own")
        known = range(len(self.functions))
        if not all(caller in known and callee in known for caller, callee, _, _ in self.edges):
            raise ValueError("an edge has no such function")


def read_cprofile(path: Path) -> CallGraph:
    """The call graph in ``path``. Raises :class:`RecordingError` where it is none."""
    try:
        table = msgspec.json.decode(path.read_bytes(), type=_Table)
    except (OSError, *UNDECODABLE) as error:
        raise RecordingError(
            f"{path}: expected the cProfile table of a recording, found something else ({error})",
            "record again with: keras-profile profile TARGET",
        ) from error
    columns: dict[str, Any] = msgspec.structs.asdict(table)
    columns["functions"] = [Function(file, line, name) for file, line, name in table.functions]
    return CallGraph(**columns)


READ = read_cprofile

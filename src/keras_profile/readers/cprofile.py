"""Reads ``cprofile.json``: what cProfile counted, as a call graph.

The ``.prof`` beside it is for viewers: it is marshal, which must not be loaded from a
recording that came from elsewhere.
"""
from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from ..errors import RecordingError
from ..model.call_graph import CallGraph, Function


class _Table(msgspec.Struct):
    calls: int
    wall_ns: int
    functions: list[tuple[str, int, str]]
    primitive_calls: list[int]
    total_calls: list[int]
    self_ns: list[int]
    total_ns: list[int]
    edges: list[tuple[int, int, int, int]]


def read_cprofile(path: Path) -> CallGraph:
    """The call graph in ``path``. Raises :class:`RecordingError` where it is none."""
    try:
        table = msgspec.json.decode(path.read_bytes(), type=_Table)
    except (OSError, msgspec.DecodeError) as error:
        raise RecordingError(
            f"{path}: expected the cProfile table of a recording, found something else ({error})",
            "record again with: keras-profile run TARGET",
        ) from error
    columns: dict[str, Any] = msgspec.structs.asdict(table)
    columns["functions"] = [Function(file, line, name) for file, line, name in table.functions]
    return CallGraph(**columns)

"""Reads a profile of cProfile or profile: what ``python -m cProfile -o FILE`` and ``dump_stats`` write.

It is a marshalled dictionary: of each function, by file, first line and name, how many calls it had
(``primitive``, ``all``), its own and its whole time in seconds, and the same for each of its callers, with
the first two swapped. ``profile``, which is Python, keeps only how often each caller called.
https://docs.python.org/3/library/profile.html
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from ...errors import RecordingError
from ...model.call_graph import CallGraph, Function
from ...model.foreign_profile import ForeignProfile
from ..json_text import plain_text
from ..regular_files import read_regular
from .marshal_data import MarshalError, Pairs, Plain, read_marshal

#: How such a file begins: a dictionary whose first key is a tuple.
BEGINNINGS = tuple(
    bytes((dictionary, key)) for dictionary in (0x7B, 0xFB) for key in (0x28, 0x29, 0xA8, 0xA9)
)

#: The maximum size of such a file, in bytes, and of its table: a program with TensorFlow has 12,000 functions
#: in 2 MB.
_MOST_BYTES = 1 << 25
_MOST_EDGES = 1 << 21
#: The most calls, and the most time of all functions, in ns.
_MOST = 1 << 53
#: A time below zero by less than this, in seconds, is an error of cProfile's sums.
_SLACK = 1.0


def read_pstats(path: Path) -> ForeignProfile:
    """Reads the call graph in ``path``, of one call: the program. Raises :class:`RecordingError`."""
    try:
        graph = _graph(read_marshal(read_regular(path, _MOST_BYTES)))
    except MarshalError as error:
        raise RecordingError(
            f"{path}: expected a profile of cProfile, found something else ({error})",
            "the file may be cut short: copy it again, in binary, or record again",
        ) from error
    return ForeignProfile(str(path), "pstats", "cProfile", graph=graph)


def _graph(content: Plain) -> CallGraph:
    if not isinstance(content, Pairs):
        raise MarshalError("no dictionary of functions")
    graph = CallGraph(1, 0, [], [], [], [], [], [], [])
    numbers: dict[Function, int] = {}
    rows = []
    for key, value in content:
        function = _function(key)
        if function in numbers:
            raise MarshalError(f"function {function.name!r} of line {function.line} twice")
        _add(graph, numbers, function)
        rows.append(_row(value))
    for callee, (primitive, calls, self_ns, total_ns, callers) in enumerate(rows):
        graph.primitive_calls[callee], graph.total_calls[callee] = primitive, calls
        graph.self_ns[callee], graph.total_ns[callee] = self_ns, total_ns
        if len(graph.edges) + len(callers) > _MOST_EDGES:
            raise MarshalError(f"more than {_MOST_EDGES:,} pairs of caller and callee")
        for function, edge in _callers(callers, (calls, self_ns, total_ns)):
            caller = numbers.get(function)
            if caller is None:  # it still ran as the profile ended
                caller = _add(graph, numbers, function)
            graph.edges.append((caller, callee, edge[0], edge[2]))
            graph.edge_self_ns.append(edge[1])
    if sum(graph.self_ns) > _MOST:
        raise MarshalError("its functions took more time than any program takes")
    return graph


def _add(graph: CallGraph, numbers: dict[Function, int], function: Function) -> int:
    number = numbers[function] = len(graph.functions)
    graph.functions.append(function)
    for column in (graph.primitive_calls, graph.total_calls, graph.self_ns, graph.total_ns):
        column.append(0)
    return number


def _function(key: Plain) -> Function:
    match key:
        case (str(file), int(line), str(name)) if 0 <= line <= _MOST:
            return Function(plain_text(file), line, plain_text(name))
    raise MarshalError("a function without file, line and name")


def _row(value: Plain) -> tuple[int, int, int, int, Pairs]:
    match value:
        case (primitive, calls, own, total, Pairs() as callers):
            return _count(primitive), _count(calls), _ns(own), _ns(total), callers
    raise MarshalError("a function without calls, times and callers")


def _callers(callers: Pairs, of_all: tuple[int, int, int]) -> Iterator[tuple[Function, tuple[int, int, int]]]:
    """The callers of a function, each with calls, own ns and all ns; ``of_all`` are those of the function."""
    calls, self_ns, total_ns = of_all
    for key, value in callers:
        match value:
            case (count, _, own, total):
                yield _function(key), (_count(count), _ns(own), _ns(total))
            case int():
                count = _count(value)
                part = min(count / calls, 1.0) if calls else 0.0
                yield _function(key), (count, round(self_ns * part), round(total_ns * part))
            case _:
                raise MarshalError("a caller without calls and times")


def _count(value: Plain) -> int:
    if isinstance(value, int) and 0 <= value <= _MOST:
        return value
    raise MarshalError("a number of calls that none can be")


def _ns(value: Plain) -> int:
    """A time in seconds, in ns."""
    if isinstance(value, (int, float)) and math.isfinite(value) and -_SLACK < value <= _MOST / 1e9:
        return max(0, round(value * 1e9))
    raise MarshalError("a time that none can be")

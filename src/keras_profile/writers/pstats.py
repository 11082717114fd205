"""Writes cProfile's counts as the ``.prof`` that pstats, snakeviz, tuna and gprof2dot load.

It is made of the recording's table, which is data, not of its ``.prof``: that is marshal,
which must not be loaded where it came from elsewhere. So what is written here is safe to
open whoever recorded it.

A function's value is ``(primitive calls, calls, own s, s, callers)``; that of a caller is
``(calls, primitive calls, own s, s)``, the first two the other way round, as cProfile has it.
"""
from __future__ import annotations

import marshal

from ..model.call_graph import CallGraph

_Place = tuple[str, int, str]


def encode_pstats(graph: CallGraph) -> bytes:
    """``graph`` as cProfile dumps it, of all calls that it counted."""
    places: list[_Place] = [(one.file, one.line, one.name) for one in graph.functions]
    callers: list[dict[_Place, tuple[int, int, float, float]]] = [{} for _ in places]
    for caller, callee, calls, total_ns in graph.edges:
        # Of an edge the table knows calls and time, not the callee's own part of it: its
        # calls are taken to be alike, none longer than all that was spent by this way.
        share = calls / graph.total_calls[callee] if graph.total_calls[callee] else 0.0
        own_ns = min(graph.self_ns[callee] * share, total_ns)
        callers[callee][places[caller]] = (calls, calls, own_ns / 1e9, total_ns / 1e9)
    stats = {
        place: (graph.primitive_calls[number], graph.total_calls[number], graph.self_ns[number] / 1e9,
                graph.total_ns[number] / 1e9, callers[number])
        for number, place in enumerate(places)}
    return marshal.dumps(stats)

"""Writes cProfile's counts as the ``.prof`` that pstats, snakeviz, tuna and gprof2dot load.

It is made from the recording's table, which is data, and not from its ``.prof``, which is marshal data and
must not be loaded from untrusted sources. So the written file is safe to open, whoever recorded it.

A function's value is ``(primitive calls, calls, own s, s, callers)``; that of a caller is
``(calls, primitive calls, own s, s)``, with the first two swapped, as in cProfile.
"""

from __future__ import annotations

import marshal
import re

from ...analysis.drilldown.counted_functions import edge_own_ns
from ...model.call_graph import CallGraph, Function
from ...recorder.protocol import CALL_FRAME
from ...recordings.opened import OpenedRecording
from ..exporting import ExportFormat

_RECORDER = re.compile(r"[\\/]keras_profile[\\/]recorder[\\/]")

_Place = tuple[str, int, str]


def encode_pstats(graph: CallGraph) -> bytes:
    """``graph`` as cProfile dumps it, of all calls that it counted, without the recorder's own functions."""
    own = {number for number, one in enumerate(graph.functions) if _is_recorder(one)}
    places: list[_Place] = [(one.file, one.line, one.name) for one in graph.functions]
    callers: list[dict[_Place, tuple[int, int, float, float]]] = [{} for _ in places]
    for (caller, callee, calls, total_ns), self_ns in zip(graph.edges, edge_own_ns(graph)):
        if caller in own:
            continue
        primitive = min(calls, graph.primitive_calls[callee])
        callers[callee][places[caller]] = (calls, primitive, self_ns / 1e9, total_ns / 1e9)
    stats = {
        place: (
            graph.primitive_calls[number],
            graph.total_calls[number],
            graph.self_ns[number] / 1e9,
            graph.total_ns[number] / 1e9,
            callers[number],
        )
        for number, place in enumerate(places)
        if number not in own
    }
    return marshal.dumps(stats)


def _is_recorder(function: Function) -> bool:
    """Whether it is the recorder's: it stands around each call, and would be the top of each tree."""
    return function.name.startswith(CALL_FRAME) or bool(_RECORDER.search(function.file))


def _encode(opened: OpenedRecording) -> tuple[bytes, list[str]]:
    graph = opened.call_graph
    assert graph is not None, "export() asks for the capture first"
    return encode_pstats(graph), []


EXPORT = ExportFormat(
    suffix=".prof",
    captures=("cprofile",),
    encode=_encode,
    loading="python -m pstats {path}, snakeviz {path}, or tuna {path}",
)

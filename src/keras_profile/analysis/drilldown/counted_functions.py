"""cProfile's counts, by the frames of the other views."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...model.call_graph import CallGraph
from ...model.drilldown import Functions
from ...model.recording import RecordedInternal
from ..attribution.counted import phase_mix
from .frames import FrameTable


def edge_own_ns(graph: CallGraph) -> list[int]:
    """The callee's own part of the time of each edge."""
    return graph.edge_self_ns or [_own_part(graph, *edge[1:]) for edge in graph.edges]


def _own_part(graph: CallGraph, callee: int, calls: int, total_ns: int) -> int:
    """An estimate of the callee's own part of an edge's time, for recordings too old to have it.

    Assumes that its calls are alike, and none longer than the edge's total time.
    """
    of_all = graph.total_calls[callee]
    return min(graph.self_ns[callee] * calls // of_all, total_ns) if of_all else 0


def counted_functions(
    graph: CallGraph,
    internals: Sequence[RecordedInternal],
    row_phases: Sequence[str],
    table: FrameTable,
) -> Functions:
    """The functions and edges of ``graph``, over all of its calls."""
    mix = phase_mix(graph, internals, row_phases)
    edges = np.array(graph.edges, dtype=np.int64).reshape(-1, 4)
    return Functions(
        calls=graph.calls,
        wall_ns=graph.wall_ns,
        frame=np.array(table.functions(graph.functions), dtype=np.int64),
        phase=mix.argmax(axis=1).astype(np.int64) if len(mix) else np.zeros(0, np.int64),
        total_calls=np.array(graph.total_calls, dtype=np.int64),
        self_ns=np.array(graph.self_ns, dtype=np.int64),
        total_ns=np.array(graph.total_ns, dtype=np.int64),
        caller=edges[:, 0],
        callee=edges[:, 1],
        edge_calls=edges[:, 2],
        edge_ns=edges[:, 3],
    )

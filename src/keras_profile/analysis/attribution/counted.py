"""The same partition by cProfile's counts alone: a check with known limits.

cProfile knows how long each function ran and who called it, but not how its time splits among callers
further up. So a function's time is split among its callers in proportion to the time under each, as in
gprof: https://docs.python.org/3/library/profile.html describes the counts,
https://doi.org/10.1145/800230.806987 the assumption. It is wrong if a function costs more for one caller
than for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...model.call_graph import CallGraph
from ...model.recording import RecordedInternal
from .vocabulary import NO_PHASE, NUMBER, PHASES, STICKY, UNATTRIBUTED

#: Steps in which phases spread from callers to callees. Only recursion makes call graphs deeper, and then
#: the rest is negligible.
STEPS = 80
#: It has converged if no function's mix of phases changes by more than this.
SETTLED = 1e-4


@dataclass(frozen=True)
class CountedPartition:
    """Self time in ns, and calls of any function, by phase in the order of ``PHASES``.

    Both over all profiled calls. Functions below no internal are ``unattributed``.
    """

    self_ns: npt.NDArray[np.float64]
    calls: npt.NDArray[np.float64]


def counted_partition(
    graph: CallGraph,
    internals: Sequence[RecordedInternal],
    row_phases: Sequence[str],
) -> CountedPartition:
    """Assigns cProfile's counts to phases; the sums are those of the graph."""
    mix = phase_mix(graph, internals, row_phases)
    return CountedPartition(
        np.array(graph.self_ns, dtype=np.float64) @ mix, np.array(graph.total_calls, dtype=np.float64) @ mix
    )


def phase_mix(
    graph: CallGraph,
    internals: Sequence[RecordedInternal],
    row_phases: Sequence[str],
) -> npt.NDArray[np.float64]:
    """The shares of the phases that each function of ``graph`` ran in, a row a function."""
    phase_of_place = {
        (row.file, row.line, row.qualname.rpartition(".")[2]): phase
        for row, phase in zip(internals, row_phases)
        if row.file is not None and phase not in NO_PHASE
    }
    own = np.array(
        [
            NUMBER[phase_of_place[place]]
            if (place := (one.file, one.line, one.name)) in phase_of_place
            else -1
            for one in graph.functions
        ],
        dtype=np.int64,
    )
    return settled_mix(own, *_weighted_edges(graph))


def _weighted_edges(
    graph: CallGraph,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Callers, callees, and the part that each caller has of its callee's time."""
    table = np.array(
        [(caller, callee, total) for caller, callee, _, total in graph.edges if caller != callee],
        dtype=np.int64,
    ).reshape(-1, 3)
    caller, callee, time = table[:, 0], table[:, 1], table[:, 2] + 1.0
    whole = np.zeros(len(graph.functions))
    np.add.at(whole, callee, time)
    return caller, callee, time / whole[callee]


def settled_mix(
    own: npt.NDArray[np.int64],
    caller: npt.NDArray[np.int64],
    callee: npt.NDArray[np.int64],
    weight: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """For each function the shares of the phases that it ran in.

    ``own`` has the number of its own phase, -1 if it has none; ``weight`` the part that each caller has of
    its callee's time.
    """
    none = NUMBER[UNATTRIBUTED]
    sticky = np.array([NUMBER[phase] for phase in STICKY])
    named = own >= 0
    mix = np.zeros((len(own), len(PHASES)))
    mix[np.arange(len(own)), np.where(named, own, none)] = 1.0
    for _ in range(STEPS):
        above = np.zeros_like(mix)
        for phase in np.flatnonzero(mix.any(axis=0)).tolist():
            above[:, phase] = np.bincount(callee, mix[caller, phase] * weight, len(mix))
        # Functions without a known caller run outside all internals.
        above[:, none] += np.maximum(0.0, 1.0 - above.sum(axis=1))
        below = above.copy()
        # A named function has its own phase, except below a sticky one.
        kept = above[:, sticky] * named[:, None]
        below[named] = 0.0
        below[:, sticky] += kept
        below[named, own[named]] += 1.0 - kept[named].sum(axis=1)
        if np.abs(below - mix).max(initial=0.0) < SETTLED:
            return below
        mix = below
    return mix

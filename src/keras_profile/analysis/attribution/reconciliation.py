"""Compares cProfile's counts with the probes': some releases of Python lose calls.

Python 3.12 and 3.13.0 do so when functions are called through wrappers, as in TensorFlow:
https://github.com/python/cpython/issues/122029
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...model.call_graph import CallGraph, Function
from ...model.recording import RecordedInternal
from ...model.timeline import Timeline

#: An internal is lost if cProfile counted less than this part of the calls that the probes saw.
LOST_BELOW = 0.9


class LostCalls(NamedTuple):
    """The internals of which cProfile lost calls, and how many were compared."""

    internals: list[str]
    compared: int


def lost_internals(
    graph: CallGraph | None,
    timeline: Timeline,
    internals: Sequence[RecordedInternal],
) -> LostCalls:
    """Finds the internals of which cProfile lost calls; none without counts or calls.

    Compares internals that ran at least once in each call. Skips generators, since cProfile counts each
    resumption, and finalizers, which may run in a later call.
    """
    if graph is None or not timeline.calls:
        return LostCalls([], 0)
    counted = dict(zip(graph.functions, graph.total_calls))
    named = timeline.internal >= 0
    started = np.bincount(timeline.internal[named & ~timeline.resumed], minlength=len(internals))
    resumed = np.bincount(timeline.internal[named & timeline.resumed], minlength=len(internals))
    lost, compared = [], 0
    for number, internal in enumerate(internals):
        if (
            internal.file is None
            or resumed[number]
            or started[number] < timeline.calls
            or (internal.qualname.endswith("__del__") or internal.module == "weakref")
        ):
            continue
        compared += 1
        name = internal.qualname.rpartition(".")[2]
        found = counted.get(Function(internal.file, internal.line or 0, name), 0)
        if found / max(graph.calls, 1) < LOST_BELOW * started[number] / timeline.calls:
            lost.append(internal.qualname)
    return LostCalls(lost, compared)


def reconciliation_notes(lost: LostCalls, python: str) -> list[str]:
    """A note if cProfile's counts, and so the ``.prof``, are incomplete."""
    if not lost.internals:
        return []
    return [
        (
            f"cprofile.prof is incomplete: cProfile lost calls of {len(lost.internals)} of {lost.compared} "
            f"internals, such as {lost.internals[0]}. Python {python} may have the bug "
            "https://github.com/python/cpython/issues/122029. No figure here comes from these counts"
        )
    ]

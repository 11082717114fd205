"""Holds cProfile's counts against the probes': some releases of Python lose calls.

Python 3.12 and 3.13.0 do with code that calls functions through wrappers, as TensorFlow's
does: https://github.com/python/cpython/issues/122029
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...model.call_graph import CallGraph, Function
from ...model.recording import RecordedInternal
from ...model.timeline import Timeline

#: An internal is lost where cProfile counted less than this part of what the probes saw.
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

    Compared is what ran at least once in each call; generators are left out, since
    cProfile counts each resumption, and what runs as objects are destroyed, which need not
    be in the call that left them.
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
    """A note where cProfile's counts, and so the ``.prof``, are incomplete."""
    if not lost.internals:
        return []
    return [
        (
            f"cProfile lost calls of {len(lost.internals)} of {lost.compared} internals, {lost.internals[0]} "
            f"among them: cprofile.prof is incomplete. Python {python} may have the defect of "
            "https://github.com/python/cpython/issues/122029. Nothing in this report rests on it"
        )
    ]

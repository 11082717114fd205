"""The devices of a recording's traces: what they did in the traced calls, and in which phase they waited."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...model.arrays import Ints
from ...model.trace import Trace
from .device_work import Busy, DeviceSums, activity_of, sums_of
from .native import TracedEvent, traced_steps
from .nesting import own_part
from .vocabulary import NUMBER, PHASES


def device_sums(traces: Sequence[Trace], entry: str) -> tuple[list[DeviceSums], int]:
    """The sums of each device that did something, over all traced calls, and the number of these.

    ``entry`` is the step markers' name. The columns of ``idle`` are the phases.
    """
    found: dict[str, DeviceSums] = {}
    calls = 0
    if not any(trace.devices for trace in traces):
        return [], 0
    for steps in traced_steps(traces, entry):
        calls += steps.count
        begin, end = np.array(steps.windows, dtype=np.int64).T
        for plane in steps.devices:
            activity = activity_of(plane, steps.launches)
            if not len(activity.begin):
                continue
            sums = sums_of(
                activity, begin, end, _parts(steps.calling, None), _parts(steps.calling, activity.busy)
            )
            if plane.name in found:
                found[plane.name].add(sums)
            else:
                found[plane.name] = sums
    return list(found.values()), calls


def _parts(events: Sequence[TracedEvent], busy: Busy | None) -> Ints:
    """The ps of each phase, a row for each call; or how much of them something was busy."""
    begin = np.array([event.begin for event in events], dtype=np.int64)
    end = np.array([event.end for event in events], dtype=np.int64)
    parent = np.array([event.parent for event in events], dtype=np.int64)
    is_call = parent < 0
    parent[is_call] = np.flatnonzero(is_call)
    during = end - begin if busy is None else busy.upto(end) - busy.upto(begin)
    own = own_part(during, parent, 0)
    parts = np.zeros((int(is_call.sum()), len(PHASES)), dtype=np.int64)
    phases = np.array([NUMBER[event.phase] for event in events], dtype=np.int64)
    np.add.at(parts, (np.cumsum(is_call) - 1, phases), own)
    return parts

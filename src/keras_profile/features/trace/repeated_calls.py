"""Finds repeated calls in a trace without steps, by the ops that Python runs in each.

A call of ``predict`` makes its datasets and iterators again, so the same ops come again in the same order. An
op that comes once in each call, and with the same ops until it comes again, marks where calls begin. Of
several such ops it is the one with the most time before it: between two calls the user's own code runs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from ...model.arrays import Ints
from ...model.trace import STEP_NUMBER, Trace, TraceLine
from .trace_partition import PARTS, Kind, kinds, main_line

#: The parts whose ops come once in a call, and not with each batch.
_OF_CALLS = ("dataset_building", "iterator_creation")
#: The fewest calls, and the part of them that must have the same ops.
LEAST_CALLS, LEAST_ALIKE = 3, 2 / 3
#: The name of the events that stand for them.
CALL = "a call"


@dataclass(frozen=True)
class RepeatedCalls:
    """Calls that were found: where they begin and end, in ps, and how many of them have the same ops."""

    begin: Ints
    end: Ints
    alike: int

    @property
    def share(self) -> float:
        """The part of the calls that have the same ops."""
        return self.alike / len(self.begin)


def with_repeated_calls(trace: Trace, thread: str | None = None) -> tuple[Trace, RepeatedCalls | None]:
    """Returns the trace with the calls of its main thread as steps, if it has none and some are found."""
    kind = kinds(trace)
    chosen = main_line(trace, kind, thread)
    if chosen is None or chosen[1] is not None:
        return trace, None
    line = chosen[0]
    found = repeated_calls(line, kind)
    if found is None:
        return trace, None
    number = len(trace.names)
    name = np.append(line.name, np.full(len(found.begin), number, dtype=line.name.dtype))
    begin, end = np.append(line.begin, found.begin), np.append(line.end, found.end)
    order = np.lexsort((name != number, -end, begin))  # a call before an event that is as long
    marked = TraceLine(line.thread, name[order], begin[order], end[order])
    return replace(
        trace,
        names=[*trace.names, CALL],
        lines=[marked if one is line else one for one in trace.lines],
        bearing={**trace.bearing, STEP_NUMBER: frozenset({number})},
    ), found


def repeated_calls(line: TraceLine, kind: Kind) -> RepeatedCalls | None:
    """Finds the calls of a thread; None if there are too few, or they are not alike."""
    latest = np.maximum.accumulate(line.end)
    tops = np.flatnonzero(np.append(True, line.begin[1:] >= latest[:-1])[: len(line.begin)])
    top_end = latest[np.append(tops[1:], len(latest))[: len(tops)] - 1]
    ops = np.flatnonzero(kind.is_op[line.name])
    names = np.asarray(line.name, dtype=np.int64)[ops]
    of_calls = {PARTS.index(part) for part in _OF_CALLS}
    best: tuple[bool, int, RepeatedCalls] | None = None
    for name in np.unique(names).tolist():
        at = np.flatnonzero(names == name)
        if int(kind.part[name]) not in of_calls or len(at) < LEAST_CALLS:
            continue
        top = np.searchsorted(tops, ops[at], side="right") - 1
        if len(np.unique(top)) < len(top):
            continue  # it comes twice within one event
        windows = Counter(names[one:after].tobytes() for one, after in zip(at, np.append(at[1:], len(names))))
        pattern, alike = windows.most_common(1)[0]
        if names[at[-1] :].tobytes() != pattern:
            at, top, after = at[:-1], top[:-1], top[-1]  # the trace may end within the last call
        else:
            after = len(tops)
        if len(at) < LEAST_CALLS or alike < LEAST_ALIKE * len(at) or pattern == names[at[:1]].tobytes():
            continue  # too few, too different, or nothing but this op
        begin = line.begin[tops[top]]
        end = top_end[np.append(top[1:], after) - 1]
        before = int((begin[1:] - end[:-1]).sum())
        found = RepeatedCalls(begin, end, alike)
        if best is None or (alike == len(at), before) > best[:2]:
            best = alike == len(at), before, found
    return None if best is None else best[2]

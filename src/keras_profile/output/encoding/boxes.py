"""Parts of exported profiles: the phases of a call, paths of frames, names."""

from __future__ import annotations

from collections.abc import Iterator

from ...analysis.drilldown.lanes import edges
from ...model.drilldown import CallInTime, CallTree, Frame, Views
from ...recorder.protocol import captures_in_time

#: The captures that have calls in time, in the order that viewers show them, and their titles.
CAPTURES = {spec.name: spec.title for spec in captures_in_time()}


def call_phases(views: Views, call: CallInTime) -> list[tuple[int, int, str]]:
    """Begin, end and phase of each stretch of a call on its own thread, without gaps.

    The report's phases are sums of these.
    """
    names, (lane, own) = list(views.phases), (call.lanes[0], call.own)
    phases = lane.phase.tolist()
    of_own = iter(own.phase.tolist())
    runs: list[tuple[int, int, str]] = []
    open_rows: list[int] = []
    before = 0
    for at, row, opens in edges(lane):
        if open_rows and at > before:
            phase = names[phases[open_rows[-1]] if len(open_rows) > 1 else next(of_own)]
            if runs and runs[-1][2] == phase:
                before = runs.pop()[0]
            runs.append((before, at, phase))
        before = at
        if opens:
            open_rows.append(row)
        else:
            open_rows.pop()
    return runs


def call_name(call: CallInTime) -> str:
    """The name of a call among others."""
    return "first call" if call.cold else f"call {call.number + 1}"


def stacks(tree: CallTree) -> Iterator[tuple[list[int], int, int, int]]:
    """Each node's path of frames from the call on, its phase, own time and count."""
    paths: list[list[int]] = []
    for frame, parent, phase, self_ns, count in zip(
        tree.frame.tolist(),
        tree.parent.tolist(),
        tree.phase.tolist(),
        tree.self_ns.tolist(),
        tree.count.tolist(),
    ):
        paths.append([*paths[parent], frame] if parent >= 0 else [frame])
        yield paths[-1], phase, self_ns, count


def full_name(frame: Frame) -> str:
    """A frame's name with its module, where it has one."""
    return f"{frame.module}.{frame.name}" if frame.module else frame.name

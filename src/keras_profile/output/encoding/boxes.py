"""What exported profiles are made of: runs of a phase, tracks, paths of frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...analysis.drilldown.lanes import edges
from ...model.drilldown import CallInTime, CallTree, Frame, Lane, Views

#: The captures that have calls in time, in the order that viewers show them, and their titles.
CAPTURES = {
    "spans": "spans: Keras' and TensorFlow's internals, exact",
    "tensorflow": "tensorflow: phases above TensorFlow's own events, all threads",
    "pyinstrument": "pyinstrument: sampled Python functions",
}


def call_phases(views: Views, call: CallInTime) -> list[tuple[int, int, str]]:
    """Begin, end and phase of each stretch of a call on its own thread, without gaps.

    They are what the report's phases are summed from.
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


def tracks(calls: Sequence[CallInTime]) -> dict[str, list[tuple[CallInTime, Lane]]]:
    """The lanes of some calls by thread: that of the calls first, the others by name.

    Threads of one name in one call are told apart by a number.
    """
    found: dict[str, list[tuple[CallInTime, Lane]]] = {}
    for call in calls:
        seen: dict[str, int] = {}
        for lane in call.lanes:
            seen[lane.thread] = number = seen.get(lane.thread, 0) + 1
            name = lane.thread if number == 1 else f"{lane.thread} ({number})"
            found.setdefault(name, []).append((call, lane))
    calling = {call.lanes[0].thread for call in calls}
    return dict(sorted(found.items(), key=lambda track: (track[0] not in calling, track[0])))


def call_name(call: CallInTime) -> str:
    """What a call is called among others."""
    return "first call" if call.cold else f"call {call.number + 1}"


def extent(call: CallInTime) -> int:
    """How long a call takes with what other threads began in it."""
    return max(
        [call.wall_ns, *(int((lane.begin_ns + lane.duration_ns).max(initial=0)) for lane in call.lanes)]
    )


def captured(views: Views, capture: str, cold: bool = False) -> list[CallInTime]:
    """The calls under one capture, in the order they were made."""
    return [call for call in views.calls_in_time if call.capture == capture and call.cold == cold]


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

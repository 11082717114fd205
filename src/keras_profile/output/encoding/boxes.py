"""What exported profiles are made of: boxes opened and closed in order, runs of a phase, and tracks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...model.drilldown import CallInTime, CallTree, Frame, Lane, Views
from ...recorder.protocol import captures_in_time

#: The captures that have calls in time, in the order that viewers show them, and their titles.
CAPTURES = {spec.name: spec.title for spec in captures_in_time()}

#: What stands aside of a call's main parts, as in the partition: it may come between any two.
_ASIDE = ("teardown", "garbage_collection")


def edges(lane: Lane) -> Iterator[tuple[int, int, bool]]:
    """When each box of ``lane`` is opened and closed, by its row, in order.

    They balance and their times never decrease: a child that begins before the box to
    its left has ended, or outlasts its parent, as clocks read apart can have it, is cut.
    """
    open_boxes: list[tuple[int, int]] = []
    now = 0
    columns = zip(lane.depth.tolist(), lane.begin_ns.tolist(), lane.duration_ns.tolist())
    for row, (depth, begin, duration) in enumerate(columns):
        while len(open_boxes) > depth:
            now, closed = open_boxes.pop()
            yield now, closed, False
        now, end = max(now, begin), max(now, begin + duration)
        if open_boxes:
            now, end = min(now, open_boxes[-1][0]), min(end, open_boxes[-1][0])
        yield now, row, True
        open_boxes.append((end, row))
    while open_boxes:
        now, closed = open_boxes.pop()
        yield now, closed, False


def call_phases(views: Views, lane: Lane) -> list[tuple[int, int, str]]:
    """Begin, end and phase of each stretch of the first lane of a call, without gaps.

    The call's own time is of the phase that follows it before its first part, of teardown
    after its last, and unattributed between: what the report's phases are summed from.
    """
    names = list(views.phases)
    phases = [names[phase] for phase in lane.phase.tolist()]
    runs: list[tuple[int, int, str]] = []
    top = [
        (begin, begin + duration, phase)
        for depth, begin, duration, phase in zip(
            lane.depth.tolist(), lane.begin_ns.tolist(), lane.duration_ns.tolist(), phases
        )
        if depth == 1 and phase not in _ASIDE
    ]
    open_rows: list[int] = []
    before = 0

    def add(begin: int, end: int, phase: str) -> None:
        if begin == end:
            return
        if runs and runs[-1][2] == phase:
            runs[-1] = (runs[-1][0], end, phase)
        else:
            runs.append((begin, end, phase))

    for at, row, opens in edges(lane):
        if len(open_rows) > 1:
            add(before, at, phases[open_rows[-1]])
        elif open_rows:
            add(
                before,
                at,
                top[0][2]
                if top and at <= top[0][0]
                else "teardown"
                if top and before >= top[-1][1]
                else "unattributed",
            )
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

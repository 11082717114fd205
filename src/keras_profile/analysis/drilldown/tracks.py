"""Calls in time by capture and by thread, and their TensorFlow events together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...model.drilldown import CallInTime, Lane, Views
from .lanes import edges


def captured(views: Views, capture: str, cold: bool = False) -> list[CallInTime]:
    """The calls under one capture, in the order they were made."""
    return [call for call in views.calls_in_time if call.capture == capture and call.cold == cold]


def tracks(calls: Sequence[CallInTime]) -> dict[str, list[tuple[CallInTime, Lane]]]:
    """The lanes of some calls by thread: that of the calls first, the others by name.

    Threads with the same name in one call get a number.
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


def extent(call: CallInTime) -> int:
    """How long a call takes, including work that other threads began in it."""
    return max(
        [call.wall_ns, *(int((lane.begin_ns + lane.duration_ns).max(initial=0)) for lane in call.lanes)]
    )


@dataclass(frozen=True)
class TracedPath:
    """TensorFlow's events at one path of frames, outermost first: their count over all calls, and their own
    ns in one call."""

    frames: tuple[int, ...]
    phase: int
    thread: str
    count: int
    self_ns: int


def traced_paths(views: Views) -> Iterator[TracedPath]:
    """TensorFlow's events by path, phase and thread."""
    calls = captured(views, "tensorflow")
    found: dict[tuple[tuple[int, ...], int, str], list[int]] = {}
    for thread, lanes in tracks(calls).items():
        for _, lane in lanes:
            frames, phases = lane.frame.tolist(), lane.phase.tolist()
            path: list[int] = []
            rows: list[int] = []
            before = 0
            for at, row, opens in edges(lane):
                if rows:
                    found.setdefault((tuple(path), phases[rows[-1]], thread), [0, 0])[1] += at - before
                before = at
                if opens:
                    path.append(frames[row])
                    rows.append(row)
                    found.setdefault((tuple(path), phases[row], thread), [0, 0])[0] += 1
                else:
                    path.pop()
                    rows.pop()
    told = total = 0
    for (at_path, phase, thread), (count, self_ns) in found.items():
        # A call's part, so that the parts sum to what all calls took over their number.
        total += self_ns
        share = total // len(calls) - told
        told += share
        yield TracedPath(at_path, phase, thread, count, share)

"""Single calls in the order of time: spans, samples, and TensorFlow's events with all threads."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..model.recording import Recording
from ..model.samples import Samples
from ..model.timeline import COLLECTION, ROOT, Timeline
from ..model.trace import Trace
from ..model.views import CallInTime, Ints, Lane
from ..phases.attribution import row_phases
from ..phases.native import TracedEvent, phase_lookup, traced_steps
from ..phases.partition import partition
from ..phases.sampled import frame_phases, prefix_phases, sample_phases
from ..phases.vocabulary import NUMBER, UNATTRIBUTED
from ..recorder.protocol import ANNOTATION_PREFIX
from .folding import least_kept
from .frames import FrameTable
from .trees import COLLECTION_NAME

#: Boxes that the calls of one capture may have together in the page.
MOST_BOXES = 500_000
#: Calls of one capture that a person may choose from.
MOST_CALLS = 500
#: The thread that makes the calls, where the capture gives no name of it.
CALLING_THREAD = "calling thread"
CALL_NAME = "the call"
_NONE = NUMBER[UNATTRIBUTED]


def choose_calls(
    wall_ns: Sequence[int], sizes: Sequence[int], most: int, most_calls: int = MOST_CALLS,
) -> list[int]:
    """Which calls to keep so that their ``sizes`` sum to ``most`` at most, one at least.

    No more than ``most_calls`` are kept.

    The one nearest to the median comes first, then the slowest and the fastest, then
    others spread evenly over the recording.

    >>> choose_calls([5, 1, 9, 4], [10, 10, 10, 10], 30)
    [1, 2, 3]
    """
    if not wall_ns:
        return []
    by_time = sorted(range(len(wall_ns)), key=lambda call: wall_ns[call])
    wanted = [by_time[(len(by_time) - 1) // 2], by_time[-1], by_time[0]]
    step = 1 << max(0, len(wall_ns).bit_length() - 1)
    while step:
        wanted += range(0, len(wall_ns), step)
        step //= 2
    kept: dict[int, int] = {}
    room = most
    for call in wanted:
        if len(kept) == most_calls:
            break
        if call not in kept and (sizes[call] <= room or not kept):
            kept[call] = sizes[call]
            room -= sizes[call]
    return sorted(kept)


def span_calls(
    recording: Recording, timeline: Timeline, cold: bool, table: FrameTable, most: int = MOST_BOXES,
    most_calls: int = MOST_CALLS,
) -> list[CallInTime]:
    """Calls under ``spans``, exact: internals nested, garbage collections where they were."""
    if not timeline.calls:
        return []
    phase = partition(timeline, row_phases(recording)).phase
    starts = np.append(np.flatnonzero(timeline.internal == ROOT), len(timeline.internal))
    walls = [int(timeline.end[row] - timeline.begin[row]) for row in starts[:-1]]
    found = []
    for call in choose_calls(walls, np.diff(starts).tolist(), most, most_calls):
        rows = slice(int(starts[call]), int(starts[call + 1]))
        boxes = _Boxes()
        for internal, depth, begin, end, its_phase in zip(*(
                column[rows].tolist() for column in (
                    timeline.internal, timeline.depth, timeline.begin, timeline.end, phase))):
            frame = (table.part(CALL_NAME) if internal == ROOT else
                     table.part(COLLECTION_NAME) if internal == COLLECTION else table.internal(internal))
            boxes.add(depth, begin, end - begin, frame, its_phase)
        begin_ns = int(timeline.begin[rows.start])
        lane = boxes.lane(CALLING_THREAD, begin_ns)
        found.append(CallInTime("spans", call, cold, walls[call], [lane], begin_ns))
    return found


def sampled_calls(
    recording: Recording, samples: Samples, table: FrameTable, most: int = MOST_BOXES,
    most_calls: int = MOST_CALLS,
) -> tuple[list[CallInTime], int]:
    """Sampled calls: a box from the first to the last of neighbouring samples that share it.

    The second value is the time in ns below which boxes are part of what is above them,
    for calls that have more than ``most``; 0 where all are there.
    """
    internals, phases = recording.content.internals, row_phases(recording)
    places = frame_phases(samples, internals, phases)
    frames = table.functions(samples.frames)
    paths: dict[tuple[int, str], list[tuple[int, int]]] = {}
    calls: dict[int, _Open] = {}
    for stack, call, weight, (phase, _) in zip(
            samples.stack, samples.call, samples.weight_ns, sample_phases(samples, places)):
        path = paths.get((stack, phase))
        if path is None:
            at = samples.stacks[stack]
            path = paths[stack, phase] = [
                (frames[frame], NUMBER[its_phase]) for frame, its_phase in zip(
                    at, prefix_phases([places[frame] for frame in at], phase))]
        if call not in calls:
            calls[call] = _Open(table.part(CALL_NAME))
        calls[call].sample(path, weight)
    numbers = sorted(calls)
    boxes = [calls[number].closed() for number in numbers]
    walls = [calls[number].now for number in numbers]
    begins = [begin for block in _begins(recording, "pyinstrument") for begin in block]
    folded_below, found = 0, []
    for which in choose_calls(walls, [len(one.depth) for one in boxes], most, most_calls):
        lane = boxes[which].lane(CALLING_THREAD, 0)
        lane, below = shorten(lane, most)
        folded_below = max(folded_below, below)
        begin_ns = begins[numbers[which]] if numbers[which] < len(begins) else _latest(recording)
        found.append(CallInTime("pyinstrument", numbers[which], False, walls[which], [lane], begin_ns))
    return found, folded_below


def traced_calls(
    recording: Recording, traces: Sequence[Trace], warm: Timeline | None, table: FrameTable,
    most: int = MOST_BOXES, most_calls: int = MOST_CALLS,
) -> list[CallInTime]:
    """Calls under ``tensorflow``: internals above TensorFlow's events, other threads below.

    ``warm`` are calls under ``spans``, which know the names of the internals.
    """
    names = _Names(recording, warm, table)
    begins = _begins(recording, "tensorflow")
    found: list[CallInTime] = []
    steps = traced_steps(traces, str(recording.content.workload["entry_point"]))
    for number, step in enumerate(steps):
        phase_at = phase_lookup(step.calling)
        ahead_ns = _ahead([begin // 1000 for begin, _ in step.windows],
                          begins[number] if number < len(begins) else [], _latest(recording))
        roots = [number for number, event in enumerate(step.calling) if event.parent < 0]
        for (begin, end), first, last in zip(step.windows, roots, [*roots[1:], len(step.calling)]):
            calling = _Boxes()
            events = step.calling[first:last]
            depths = _depths(events, first)
            frames = names.frames(events)
            for event, depth, frame in zip(events, depths, frames):
                calling.add(depth, event.begin // 1000, (event.end - event.begin) // 1000, frame,
                            NUMBER[event.phase])
            lanes = [calling.lane(step.thread or CALLING_THREAD, begin // 1000)]
            for thread, line in zip(step.threads, step.others):
                rows = [number for number, event in enumerate(line) if begin <= event.begin < end]
                if rows:
                    other = _Boxes()
                    of_line = line[rows[0]:rows[-1] + 1]
                    for event, depth in zip(of_line, _depths(of_line, rows[0])):
                        other.add(depth, event.begin // 1000, (event.end - event.begin) // 1000,
                                  table.native(event.name), NUMBER[phase_at(event.begin)])
                    lanes.append(other.lane(thread, begin // 1000))
            found.append(CallInTime(
                "tensorflow", len(found), False, (end - begin) // 1000, lanes, begin // 1000 + ahead_ns))
    sizes = [sum(len(lane.depth) for lane in one.lanes) for one in found]
    return [found[call] for call in choose_calls(
        [one.wall_ns for one in found], sizes, most, most_calls)]


def _begins(recording: Recording, capture: str) -> list[list[int]]:
    """When the warm calls of a capture began, round by round."""
    calls = recording.content.calls
    rounds: dict[int, list[int]] = {}
    for name, cold, number, begin in zip(calls.capture, calls.cold, calls.round, calls.begin_ns):
        if name == capture and not cold:
            rounds.setdefault(number, []).append(begin)
    return list(rounds.values())


def _latest(recording: Recording) -> int:
    """Where calls go that Ctrl-C kept out of the table: none in it began later."""
    return max(recording.content.calls.begin_ns, default=0)


def _ahead(mine: Sequence[int], begins: Sequence[int], latest: int) -> int:
    """By how much the clock of the table of calls is ahead of that of a trace.

    It is one figure for all calls of a trace, so that its events keep their distances. A
    trace with more calls than the table has others first.

    >>> _ahead([5, 105, 205], [1006, 1107, 1206], 0)
    1001
    >>> _ahead([5, 105], [1106], 0), _ahead([5], [], 1206)
    (1001, 1201)
    """
    if not begins:
        return latest - mine[0]
    ahead = sorted(begin - its for its, begin in zip(mine[-len(begins):], begins))
    return ahead[(len(ahead) - 1) // 2]


@dataclass
class _Boxes:
    """Boxes of a lane as they are found."""

    depth: list[int] = field(default_factory=list)
    begin: list[int] = field(default_factory=list)
    duration: list[int] = field(default_factory=list)
    frame: list[int] = field(default_factory=list)
    phase: list[int] = field(default_factory=list)

    def add(self, depth: int, begin: int, duration: int, frame: int, phase: int) -> None:
        self.depth.append(depth)
        self.begin.append(begin)
        self.duration.append(duration)
        self.frame.append(frame)
        self.phase.append(phase)

    def lane(self, thread: str, origin: int) -> Lane:
        depth, begin, duration, frame, phase = (np.array(column, dtype=np.int64) for column in (
            self.depth, self.begin, self.duration, self.frame, self.phase))
        return Lane(thread, depth, begin - origin, duration, frame, phase)


class _Open:
    """A sampled call: which boxes are open at its last sample."""

    def __init__(self, call_frame: int) -> None:
        self.now = 0
        self._boxes = _Boxes()
        self._boxes.add(0, 0, 0, call_frame, _NONE)
        self._path: list[tuple[int, int]] = []
        self._rows: list[int] = []

    def sample(self, path: list[tuple[int, int]], weight: int) -> None:
        same = 0
        if path is self._path:
            same = len(path)
        else:
            for mine, its in zip(self._path, path):
                if mine != its:
                    break
                same += 1
            self._close(same)
            for depth in range(same, len(path)):
                self._rows.append(len(self._boxes.depth))
                self._boxes.add(depth + 1, self.now, 0, *path[depth])
            self._path = path
        self.now += weight

    def closed(self) -> _Boxes:
        """All boxes, once the last sample was taken."""
        self._close(0)
        self._boxes.duration[0] = self.now
        return self._boxes

    def _close(self, depth: int) -> None:
        for row in self._rows[depth:]:
            self._boxes.duration[row] = self.now - self._boxes.begin[row]
        del self._rows[depth:]


def shorten(lane: Lane, most: int) -> tuple[Lane, int]:
    """``lane`` with the ``most`` longest boxes at most, and the time below which they are left out.

    What is left out is part of the box above it, which is there, for it is no shorter.
    """
    if len(lane.depth) <= most:
        return lane, 0
    threshold = least_kept(lane.duration_ns, most)
    kept: npt.NDArray[np.bool_] = lane.duration_ns >= threshold
    kept[0] = True
    return Lane(lane.thread, lane.depth[kept], lane.begin_ns[kept], lane.duration_ns[kept],
                lane.frame[kept], lane.phase[kept]), threshold


def _depths(events: Sequence[TracedEvent], first: int) -> list[int]:
    """How deep each event lies; parents are numbered from ``first`` less on."""
    depths: list[int] = []
    for event in events:
        depths.append(depths[event.parent - first] + 1 if event.parent >= first else 0)
    return depths


class _Names:
    """Which internal an annotation in a trace is of: the trace's reader knows its phase alone.

    Calls of the same code run the same internals in the same order. Where the phases of a
    traced call's annotations are those of a call under spans, one by one, so are the names.
    """

    def __init__(self, recording: Recording, warm: Timeline | None, table: FrameTable) -> None:
        self._table = table
        self._by_phases: dict[tuple[str, ...], tuple[int, ...] | None] = {}
        if warm is None:
            return
        phases = row_phases(recording)
        starts = np.append(np.flatnonzero(warm.internal == ROOT), len(warm.internal))
        for begin, end in zip(starts[:-1].tolist(), starts[1:].tolist()):
            rows: Ints = warm.internal[begin:end]
            internals = tuple(rows[rows >= 0].tolist())
            key = tuple(phases[internal] for internal in internals)
            if self._by_phases.setdefault(key, internals) != internals:
                self._by_phases[key] = None  # two paths look alike: no name is sure

    def frames(self, events: Iterable[TracedEvent]) -> list[int]:
        """The frame of each event of the calling thread in one call."""
        events = list(events)
        key = tuple(event.name[len(ANNOTATION_PREFIX):] for event in events if _is_annotation(event))
        internals = iter(self._by_phases.get(key) or ())
        found = []
        for event in events:
            if event.parent < 0:
                found.append(self._table.part(CALL_NAME))
            elif _is_annotation(event):
                internal = next(internals, None)
                found.append(self._table.part(event.name[len(ANNOTATION_PREFIX):]) if internal is None
                             else self._table.internal(internal))
            else:
                found.append(self._table.native(event.name))
        return found


def _is_annotation(event: TracedEvent) -> bool:
    return event.name.startswith(ANNOTATION_PREFIX)

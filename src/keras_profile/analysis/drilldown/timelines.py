"""Single calls in the order of time: spans, samples, and TensorFlow's events with all threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ...model.arrays import Ints
from ...model.drilldown import CallInTime, Lane
from ...model.recording import Recording
from ...model.samples import Samples
from ...model.timeline import COLLECTION, ROOT, Timeline
from ...model.trace import Trace
from ...recorder.protocol import ANNOTATION_PREFIX
from ..attribution.attribute import row_phases
from ..attribution.device_work import active_lines
from ..attribution.native import TracedEvent, TracedSteps, phase_lookup, traced_steps
from ..attribution.partition import partition
from ..attribution.vocabulary import NUMBER, UNATTRIBUTED
from .folding import least_kept
from .frames import FrameTable
from .lanes import own_stretches, rows_of
from .paths import BELOW, STEP, SampledPaths, shared
from .trees import COLLECTION_NAME

#: The most boxes of all calls of one capture in the page.
MOST_BOXES = 500_000
#: Calls of one capture that a person may choose from.
MOST_CALLS = 500
#: The name of the thread that makes the calls, if the capture has none.
CALLING_THREAD = "calling thread"
CALL_NAME = "the call"
_NONE = NUMBER[UNATTRIBUTED]
#: Samples whose paths are compared at once, to limit memory.
_AT_ONCE = 50_000


def choose_calls(
    wall_ns: Sequence[int],
    sizes: Sequence[int],
    most: int,
    most_calls: int = MOST_CALLS,
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
    recording: Recording,
    timeline: Timeline,
    cold: bool,
    table: FrameTable,
    most: int = MOST_BOXES,
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
        for internal, depth, begin, end, its_phase in zip(
            *(
                column[rows].tolist()
                for column in (timeline.internal, timeline.depth, timeline.begin, timeline.end, phase)
            )
        ):
            frame = (
                table.part(CALL_NAME)
                if internal == ROOT
                else table.part(COLLECTION_NAME)
                if internal == COLLECTION
                else table.internal(internal)
            )
            boxes.add(depth, begin, end - begin, frame, its_phase)
        begin_ns = int(timeline.begin[rows.start])
        lane = boxes.lane(CALLING_THREAD, begin_ns)
        found.append(CallInTime("spans", call, cold, walls[call], [lane], own_stretches(lane), begin_ns))
    return found


def sampled_calls(
    samples: Samples,
    paths: SampledPaths,
    table: FrameTable,
    begin_of: Callable[[int], int] = lambda number: 0,
    most: int = MOST_BOXES,
    most_calls: int = MOST_CALLS,
    capture: str = "pyinstrument",
) -> tuple[list[CallInTime], int]:
    """Sampled calls: a box from the first to the last of neighbouring samples that share it.

    The second value is the time in ns below which boxes are merged into the box above, for calls that have
    more than ``most``; 0 if all are shown.
    """
    call_frame = table.part(CALL_NAME)
    call_of_sample = np.array(samples.call, dtype=np.int64)
    weights = np.array(samples.weight_ns, dtype=np.int64)
    in_order = np.argsort(call_of_sample, kind="stable")
    numbers, starts = np.unique(call_of_sample[in_order], return_index=True)
    calls = [
        _SampledCall(paths, paths.of_sample[rows], weights[rows]) for rows in np.split(in_order, starts[1:])
    ]
    walls = [call.wall_ns for call in calls]
    folded_below, found = 0, []
    for which in choose_calls(walls, [call.size for call in calls], most, most_calls):
        lane, below = shorten(calls[which].lane(call_frame), most)
        folded_below = max(folded_below, below)
        number = int(numbers[which])
        found.append(
            CallInTime(capture, number, False, walls[which], [lane], own_stretches(lane), begin_of(number))
        )
    return found, folded_below


def traced_calls(
    recording: Recording,
    traces: Sequence[Trace],
    warm: Timeline | None,
    table: FrameTable,
    most: int = MOST_BOXES,
    most_calls: int = MOST_CALLS,
) -> list[CallInTime]:
    """Calls under ``tensorflow``: internals above TensorFlow's events, other threads below.

    ``warm`` are calls under ``spans``, which know the names of the internals.
    """
    names = _Names(recording, warm, table)
    begins = _begins(recording, "tensorflow")
    found: list[CallInTime] = []
    steps = traced_steps(traces, recording.content.workload.facts.entry_point)
    for number, step in enumerate(steps):
        phase_at = phase_lookup(step.calling)
        ahead_ns = _ahead(
            [begin // 1000 for begin, _ in step.windows],
            begins[number] if number < len(begins) else [],
            _latest(recording),
        )
        roots = [number for number, event in enumerate(step.calling) if event.parent < 0]
        for (begin, end), first, last in zip(step.windows, roots, [*roots[1:], len(step.calling)]):
            calling = _Boxes()
            events = step.calling[first:last]
            depths = _depths(events, first)
            frames = names.frames(events)
            for event, depth, frame in zip(events, depths, frames):
                calling.add(
                    depth, event.begin // 1000, (event.end - event.begin) // 1000, frame, NUMBER[event.phase]
                )
            lanes = [calling.lane(step.thread or CALLING_THREAD, begin // 1000)]
            for thread, line in zip(step.threads, step.others):
                rows = [number for number, event in enumerate(line) if begin <= event.begin < end]
                if rows:
                    other = _Boxes()
                    of_line = line[rows[0] : rows[-1] + 1]
                    for event, depth in zip(of_line, _depths(of_line, rows[0])):
                        other.add(
                            depth,
                            event.begin // 1000,
                            (event.end - event.begin) // 1000,
                            table.native(event.name),
                            NUMBER[phase_at(event.begin)],
                        )
                    lanes.append(other.lane(thread, begin // 1000))
            lanes += _device_lanes(step, begin, end, table, phase_at)
            found.append(
                CallInTime(
                    "tensorflow",
                    len(found),
                    False,
                    (end - begin) // 1000,
                    lanes,
                    own_stretches(lanes[0]),
                    begin // 1000 + ahead_ns,
                )
            )
    sizes = [sum(len(lane.depth) for lane in one.lanes) for one in found]
    return [found[call] for call in choose_calls([one.wall_ns for one in found], sizes, most, most_calls)]


def _device_lanes(
    step: TracedSteps, begin: int, end: int, table: FrameTable, phase_at: Callable[[int], str]
) -> list[Lane]:
    """A lane for each stream that began anything between two times in ps; the ops have the host's phase."""
    lanes = []
    for plane in step.devices:
        for line in active_lines(plane):
            first, last = np.searchsorted(line.begin, [begin, end]).tolist()
            boxes, ends = _Boxes(), [int(line.end[first:last].max(initial=0))]
            columns = (line.name, line.begin, line.end)
            for name, its_begin, its_end in zip(*(column[first:last].tolist() for column in columns)):
                event = plane.events[name]
                while len(ends) > 1 and ends[-1] <= its_begin:
                    ends.pop()
                its_end = min(its_end, ends[-1])
                boxes.add(
                    len(ends) - 1,
                    its_begin // 1000,
                    (its_end - its_begin) // 1000,
                    table.native(event.op or event.name),
                    NUMBER[phase_at(its_begin)],
                )
                ends.append(its_end)
            if first < last:
                lanes.append(boxes.lane(f"{plane.name} {line.thread}", begin // 1000))
    return lanes


def _begins(recording: Recording, capture: str) -> list[list[int]]:
    """When the warm calls of a capture began, round by round."""
    calls = recording.content.calls
    rounds: dict[int, list[int]] = {}
    for name, cold, number, begin in zip(calls.capture, calls.cold, calls.round, calls.begin_ns):
        if name == capture and not cold:
            rounds.setdefault(number, []).append(begin)
    return list(rounds.values())


def begin_of(recording: Recording, capture: str) -> Callable[[int], int]:
    """A function that returns when the warm call of a number began under a capture."""
    begins = [begin for block in _begins(recording, capture) for begin in block]
    latest = _latest(recording)
    return lambda number: begins[number] if number < len(begins) else latest


def _latest(recording: Recording) -> int:
    """The begin of calls that Ctrl-C kept out of the table: none in it began later."""
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
    ahead = sorted(begin - its for its, begin in zip(mine[-len(begins) :], begins))
    return ahead[(len(ahead) - 1) // 2]


@dataclass
class _Boxes:
    """Collects the boxes of a lane."""

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
        depth, begin, duration, frame, phase = (
            np.array(column, dtype=np.int64)
            for column in (self.depth, self.begin, self.duration, self.frame, self.phase)
        )
        return Lane(thread, depth, begin - origin, duration, frame, phase)


class _SampledCall:
    """A sampled call: the number of its boxes, and the boxes on request."""

    def __init__(self, paths: SampledPaths, path_of_sample: Ints, weights: Ints) -> None:
        numbers, self._row = np.unique(path_of_sample, return_inverse=True)
        self._steps = paths.matrix(numbers.tolist())
        self._begin = np.cumsum(weights) - weights
        self.wall_ns = int(weights.sum())
        self._length = (self._steps != BELOW).sum(axis=1)[self._row]
        #: The depth to which each sample continues the boxes of the previous one.
        self._same = np.zeros(len(weights), dtype=np.int64)
        for first in range(1, len(weights), _AT_ONCE):
            rows = self._row[first - 1 : first + _AT_ONCE]
            self._same[first : first + _AT_ONCE] = shared(self._steps[rows[:-1]], self._steps[rows[1:]])
        self.size = 1 + int((self._length - self._same).sum())

    def lane(self, call_frame: int) -> Lane:
        """All boxes, in the order in which they are opened."""
        columns: list[tuple[Ints, ...]] = [
            (
                np.array([-1]),
                np.array([0]),
                np.array([0]),
                np.array([self.wall_ns]),
                np.array([call_frame * STEP + _NONE]),
            )
        ]
        for depth in range(self._steps.shape[1]):
            # Samples that do not continue the box open here; each ends the box that the last one opened.
            breaks = np.flatnonzero(self._same <= depth)
            begin = self._begin[breaks]
            duration = np.append(begin[1:], self.wall_ns) - begin
            opens = self._length[breaks] > depth
            at = breaks[opens]
            columns.append(
                (
                    at,
                    np.full(len(at), depth + 1),
                    begin[opens],
                    duration[opens],
                    self._steps[self._row[at], depth],
                )
            )
        sample, depths, begins, durations, steps = (np.concatenate(column) for column in zip(*columns))
        order = np.argsort(sample, kind="stable")
        return Lane(
            CALLING_THREAD,
            depths[order],
            begins[order],
            durations[order],
            steps[order] // STEP,
            steps[order] % STEP,
        )


def shorten(lane: Lane, most: int) -> tuple[Lane, int]:
    """``lane`` with the ``most`` longest boxes at most, and the time below which they are left out.

    A removed box is merged into the box above it, which is kept, since it is no shorter.
    """
    if len(lane.depth) <= most:
        return lane, 0
    threshold = least_kept(lane.duration_ns, most)
    kept: npt.NDArray[np.bool_] = lane.duration_ns >= threshold
    kept[0] = True
    return rows_of(lane, kept), threshold


def _depths(events: Sequence[TracedEvent], first: int) -> list[int]:
    """How deep each event lies; parents are numbered from ``first`` less on."""
    depths: list[int] = []
    for event in events:
        depths.append(depths[event.parent - first] + 1 if event.parent >= first else 0)
    return depths


class _Names:
    """The internal of each annotation in a trace: the trace's reader knows only its phase.

    Calls of the same code run the same internals in the same order. If the phases of a traced call's
    annotations match those of a call under spans, one by one, so do the names.
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
        key = tuple(event.name[len(ANNOTATION_PREFIX) :] for event in events if _is_annotation(event))
        internals = iter(self._by_phases.get(key) or ())
        found = []
        for event in events:
            if event.parent < 0:
                found.append(self._table.part(CALL_NAME))
            elif _is_annotation(event):
                internal = next(internals, None)
                found.append(
                    self._table.part(event.name[len(ANNOTATION_PREFIX) :])
                    if internal is None
                    else self._table.internal(internal)
                )
            else:
                found.append(self._table.native(event.name))
        return found


def _is_annotation(event: TracedEvent) -> bool:
    return event.name.startswith(ANNOTATION_PREFIX)

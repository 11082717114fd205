"""From a recording and what was planted in it: which part of each delay came back, and where."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from keras_profile.analysis.attribution.attribute import row_phases
from keras_profile.analysis.attribution.counted import counted_partition
from keras_profile.analysis.attribution.native import traced_partition
from keras_profile.analysis.attribution.partition import Partition, partition
from keras_profile.analysis.attribution.sampled import sampled_partition
from keras_profile.analysis.attribution.vocabulary import NUMBER, PHASES
from keras_profile.model.call_graph import CallGraph, Function
from keras_profile.model.recording import Recording
from keras_profile.model.timeline import Timeline
from keras_profile.recorder.protocol import FILES
from keras_profile.recordings.opened import OpenedRecording, open_recording
from keras_profile.recordings.readers.pyinstrument import read_pyinstrument

Floats = npt.NDArray[np.float64]

PHASES_IN_ORDER = list(PHASES)

#: Kinds of delay of a known length, and of so much work.
TIMED_KINDS = ("python", "native", "sleep", "allocation")
WORK_KINDS = ("calls", "inlined")
KINDS = TIMED_KINDS + WORK_KINDS
COLLECTION = NUMBER["garbage_collection"]
#: Rounds of reweighting, and the residual in scales beyond which a call counts less.
REWEIGHTED, BEND = 30, 1.345
RESAMPLES = 400
#: Fewer calls give no slope.
LEAST_CALLS = 8


@dataclass(frozen=True)
class Observed:
    """What an instrument saw of some calls (or blocks of calls), and what was planted there.

    Both have a row a call and a column a phase, in ns; garbage collection in a delay is
    planted in the phase of that name.
    """

    phases: Floats
    planted: Floats


@dataclass(frozen=True)
class Recovered:
    """Recovered over planted: the slope over calls, and its 95% interval."""

    slope: float
    low: float
    high: float
    calls: int


class Planted:
    """The delays of a recording."""

    def __init__(self, folder: Path) -> None:
        content = json.loads((folder / "planted.json").read_text())
        self.places: dict[str, list[str]] = content["places"]
        self.undelayed_ns: int = content["undelayed_ns"]
        rows = content["planted"]
        self.begin = np.array([row[0] for row in rows], dtype=np.int64)
        self.delay = np.array([row[1] for row in rows], dtype=np.float64)
        self.wanted = np.array([row[2] for row in rows], dtype=np.float64)
        self.collecting = np.array([row[3] for row in rows], dtype=np.float64)
        self.phase = np.array([NUMBER[row[4]] for row in rows], dtype=np.int64)
        self.kind = np.array([KINDS.index(row[5]) for row in rows], dtype=np.int64)
        self.place = [row[6] for row in rows]

    @property
    def phases(self) -> list[str]:
        """The phases in which anything was planted, in the order of a call."""
        return [PHASES_IN_ORDER[number] for number in sorted(set(self.phase.tolist()))]

    def places_of(self, phase: str) -> list[str]:
        """Where delays of a phase were planted, the most frequent place first."""
        counts = Counter(place for place, number in zip(self.place, self.phase) if number == NUMBER[phase])
        return [place for place, _ in counts.most_common()]

    def within(self, begins: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> Floats:
        """The delays by call and phase, in ns, of calls that began and ended then."""
        planted = np.zeros((len(begins), len(PHASES)))
        if len(begins):
            call = np.searchsorted(begins, self.begin, side="right") - 1
            inside = (call >= 0) & (self.begin < ends[call])
            np.add.at(
                planted, (call[inside], self.phase[inside]), self.delay[inside] - self.collecting[inside]
            )
            np.add.at(planted, (call[inside], COLLECTION), self.collecting[inside])
        return planted


def observed_by_spans(recording: Recording, planted: Planted) -> Observed:
    """What the spans capture saw: this program's attribution."""
    warm = OpenedRecording(recording).timelines[1]
    parts = partition(warm, row_phases(recording))
    roots = warm.depth == 0
    return Observed(parts.self_ns.astype(np.float64), planted.within(warm.begin[roots], warm.end[roots]))


def counted_as(recording: Recording, planted: Planted) -> Floats:
    """As what each nanosecond of each delay was counted: a row a delay, a column a phase.

    Spans have a place in time, so a delay can be followed to the phase without the noise of
    what else the phase does. Rows of delays outside the captured calls sum to nothing.
    """
    warm = OpenedRecording(recording).timelines[1]
    parts = partition(warm, row_phases(recording))
    bounds = np.append(np.flatnonzero(warm.depth == 0), len(warm.begin))
    begins, ends = warm.begin[bounds[:-1]], warm.end[bounds[:-1]]
    found = np.zeros((len(planted.begin), len(PHASES)))
    calls = np.searchsorted(begins, planted.begin, side="right") - 1
    for delay, call in enumerate(calls.tolist()):
        begin, end = planted.begin[delay], planted.begin[delay] + int(planted.delay[delay])
        if call < 0 or begin >= ends[call]:
            continue
        spans = slice(bounds[call], bounds[call + 1])
        overlap = np.minimum(warm.end[spans], end) - np.maximum(warm.begin[spans], begin)
        own = np.maximum(overlap, 0)
        touched = np.flatnonzero(own[1:]) + 1
        np.subtract.at(own, warm.parent[spans][touched] - bounds[call], own[touched])
        np.add.at(found[delay], parts.phase[spans][1:], own[1:])
        found[delay, _root_phase(warm, parts, call, spans, begin)] += own[0]
    return found


def _root_phase(
    warm: Timeline,
    parts: Partition,
    call: int,
    spans: slice,
    moment: int,
) -> int:
    """What the partition counts a call's own time at a moment as (its fourth rule)."""
    aside = [COLLECTION, NUMBER["teardown"]]
    main = np.flatnonzero((warm.depth[spans] == 1) & ~np.isin(parts.phase[spans], aside))
    if not len(main):
        return NUMBER["unattributed"]
    if moment < warm.begin[spans][main[0]]:
        return int(parts.first_phase[call])
    return NUMBER["teardown" if moment >= warm.end[spans][main[-1]] else "unattributed"]


def observed_by_sampling(recording: Recording, planted: Planted) -> Observed:
    """What pyinstrument alone saw."""
    samples = read_pyinstrument(recording.folder / FILES["pyinstrument"])
    seen = sampled_partition(samples, recording.content.internals, row_phases(recording)).self_ns
    begins, ends = _windows(recording, "pyinstrument")
    count = min(len(seen), len(begins))
    return Observed(seen[:count].astype(np.float64), planted.within(begins[:count], ends[:count]))


def observed_by_counts(recording: Recording, planted: Planted, folder: Path) -> Observed:
    """What cProfile alone saw, block by block."""
    phases, rows, begins, ends = row_phases(recording), [], [], []
    before = np.zeros(len(PHASES))
    for path in sorted(folder.glob("cprofile-*.json")):
        content = json.loads(path.read_text())
        functions = [Function(*one) for one in content["functions"]]
        nothing = [0] * len(functions)
        whole = counted_partition(
            CallGraph(
                1,
                1,
                functions,
                nothing,
                nothing,
                content["self_ns"],
                nothing,
                [(caller, callee, 0, total) for caller, callee, total in content["edges"]],
            ),
            recording.content.internals,
            phases,
        ).self_ns
        rows.append(whole - before)
        before = whole
        begins.append(content["begin_ns"])
        ends.append(content["end_ns"])
    return Observed(np.array(rows), planted.within(np.array(begins), np.array(ends)))


def observed_by_trace(recording: Recording, planted: Planted) -> Observed:
    """What TensorFlow's trace alone saw, with the phases that the probes annotate it with."""
    entry = recording.content.workload.facts.entry_point
    seen = traced_partition(open_recording(recording.folder).traces, entry)
    begins, ends = _windows(recording, "tensorflow")
    if len(seen) != len(begins):
        return Observed(seen[:0], planted.within(begins[:0], ends[:0]))
    return Observed(seen, planted.within(begins, ends))


def _windows(recording: Recording, capture: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    calls = recording.content.calls
    picked = [
        (begin, begin + wall)
        for name, cold, begin, wall in zip(calls.capture, calls.cold, calls.begin_ns, calls.wall_ns)
        if name == capture and not cold
    ]
    table = np.array(picked, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def planted_share(observed: Observed, phases: Sequence[str]) -> float:
    """The share of all observed time that was planted in these phases."""
    columns = [NUMBER[phase] for phase in phases]
    return float(observed.planted[:, columns].sum() / observed.phases.sum())


def recovery(observed: Observed, phase: str) -> Recovered | None:
    """Which part of the delays planted in ``phase`` came back there, by the slope over calls.

    None where nothing was planted, or too few calls were observed.
    """
    column = NUMBER[phase]
    return _slope(observed.phases[:, column], observed.planted[:, column])


@dataclass(frozen=True)
class Followed:
    """Where the nanoseconds of some delays went: to their phase, and most of all elsewhere.

    Garbage collection in a delay is right where it is counted as such, so it counts as come
    back. ``elsewhere`` is the other phase with most of them, and ``stray`` its share.
    """

    delays: int
    back: float
    low: float
    high: float
    elsewhere: str
    stray: float


def follow(counted: Floats, planted: Planted, phase: str, kind: str | None = None) -> Followed | None:
    """Follows the delays of a phase, of one kind or of all; None where there is none."""
    column = NUMBER[phase]
    chosen = (planted.phase == column) & (counted.sum(axis=1) > 0)
    if kind is not None:
        chosen &= planted.kind == KINDS.index(kind)
    if not chosen.any():
        return None
    rows, whole = counted[chosen].copy(), planted.delay[chosen]
    if column != COLLECTION:
        rows[:, column] += np.minimum(rows[:, COLLECTION], whole)
        rows[:, COLLECTION] = 0
    random = np.random.default_rng(1)
    picks = random.integers(0, len(rows), (RESAMPLES, len(rows)))
    resampled = rows[picks, column].sum(axis=1) / whole[picks].sum(axis=1)
    low, high = np.quantile(resampled, [0.025, 0.975])
    sums = rows.sum(axis=0) / whole.sum()
    back = float(sums[column])
    sums[column] = 0
    worst = int(np.argmax(sums))
    return Followed(
        len(rows),
        back,
        float(low),
        float(high),
        PHASES_IN_ORDER[worst] if sums[worst] else "",
        float(sums[worst]),
    )


def inflation_of_work(recording: Recording, planted: Planted, kind: str, capture: str) -> float | None:
    """How much longer than unwatched a kind of work took under a capture; None without any."""
    begins, ends = _windows(recording, capture)
    if not len(begins):
        return None
    call = np.searchsorted(begins, planted.begin, side="right") - 1
    chosen = (call >= 0) & (planted.begin < ends[call]) & (planted.kind == KINDS.index(kind))
    if not chosen.any():
        return None
    return float(np.median(planted.delay[chosen] / planted.wanted[chosen]))


def distances(recording: Recording, graph: CallGraph) -> dict[str, float]:
    """Total-variation distances between shares: half the sum of their differences.

    Between the first and the second half of the calls under spans, their odd and even
    calls, and the spans and each other instrument.
    """
    phases = row_phases(recording)
    spans = partition(OpenedRecording(recording).timelines[1], phases).self_ns.astype(np.float64)
    samples = read_pyinstrument(recording.folder / FILES["pyinstrument"])
    sampled = sampled_partition(samples, recording.content.internals, phases).self_ns.astype(np.float64)
    counts = counted_partition(graph, recording.content.internals, phases).self_ns

    def distance(one: Floats, other: Floats) -> float:
        return float(np.abs(one / one.sum() - other / other.sum()).sum() / 2)

    middle = len(spans) // 2
    whole = spans.sum(axis=0)
    return {
        "first and second half of the spans": distance(
            spans[:middle].sum(axis=0), spans[middle:].sum(axis=0)
        ),
        "odd and even calls of the spans": distance(spans[::2].sum(axis=0), spans[1::2].sum(axis=0)),
        "spans and sampling": distance(whole, sampled.sum(axis=0)),
        "spans and cProfile": distance(whole, counts),
    }


def _slope(seen: Floats, planted: Floats) -> Recovered | None:
    """The robust slope of what was seen on what was planted, by Huber's estimate.

    Ordinary least squares would follow the few calls that other work on the machine
    stretched. The interval is a bootstrap over calls.
    """
    if len(seen) < LEAST_CALLS or not planted.any():
        return None
    design = np.column_stack([np.ones(len(seen)), planted])
    random = np.random.default_rng(1)
    picks = random.integers(0, len(seen), (RESAMPLES, len(seen)))
    slopes = [_huber(design[pick], seen[pick])[1] for pick in picks]
    low, high = np.quantile(slopes, [0.025, 0.975])
    return Recovered(float(_huber(design, seen)[1]), float(low), float(high), len(seen))


def _huber(design: Floats, seen: Floats) -> Floats:
    weights = np.ones(len(seen))
    found = np.zeros(design.shape[1])
    for _ in range(REWEIGHTED):
        root = np.sqrt(weights)
        last, (found, *_) = found, np.linalg.lstsq(design * root[:, None], seen * root, rcond=None)
        residual = np.abs(seen - design @ found)
        scale = max(float(np.median(residual)) / 0.6745, 1.0)
        weights = np.minimum(1.0, BEND * scale / np.maximum(residual, 1e-9))
        if np.allclose(found, last, rtol=1e-4, atol=1e-6):
            break
    return np.asarray(found)

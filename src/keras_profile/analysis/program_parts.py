"""The partition of a program's wall time: measured intervals as they are, the rest by samples.

Calls of models and other Keras work have measured intervals. The rest of the main thread is divided in
proportion to the samples outside these, and so is the inside of imports and training.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ..model.program import Activity, ProcessRecording, Stacks
from ..model.program_report import GroupReport, PartKind, ProgramPart
from .library_functions import called, is_building, is_waiting, name_of
from .program_time import on_one_clock, union_ns
from .sampled_paths import SampledPath, paths_of

#: The kind of part for each kind of Keras activity in a recording.
ACTIVITY_KINDS: Mapping[str, PartKind] = {
    "fit": "training",
    "train_on_batch": "training",
    "evaluate": "evaluating",
    "test_on_batch": "evaluating",
    "load_model": "loading",
    "clone_model": "loading",
    "compile": "compiling",
    "import": "import",
}
#: In these, the user's lines, such as callbacks, count as the user's own code.
_WITH_OWN_CODE = ("training", "evaluating")
#: A line whose process used less than this of one processor was waiting.
IDLE = 0.1
#: If samples cover less time than there is, each counts for more, up to this factor.
_MOST_STRETCHING = 1.15
#: Parts below these shares are merged by kind.
LEAST_PART, LEAST_IMPORT = 0.001, 0.01
#: The thread that is divided.
MAIN_THREAD = 0
#: The name of a package that is not known yet.
FINDING_MODULES = "finding modules"

_WHERE = re.compile(r"^(?P<file>.*):(?P<line>\d+)(?:, in (?P<function>.*))?$")

#: A class of samples that have an exact time together: the kind of work, and its subject.
Class = tuple[str, object]


@dataclass
class DividedTime:
    """The time of a thread, divided: its parts, and the time of each sampled path in ns."""

    wall_ns: int
    parts: list[ProgramPart] = field(default_factory=list)
    paths: list[tuple[SampledPath, int]] = field(default_factory=list)

    @property
    def samples(self) -> int:
        return sum(path.count for path, _ in self.paths)

    def take_waiting(self, most: int) -> None:
        """Takes up to ``most`` ns from the paths that wait, from all in proportion."""
        waiting = [
            number
            for number, (path, _) in enumerate(self.paths)
            if path.group is None and not path.activities and is_waiting(path.below)
        ]
        room = min(most, sum(self.paths[number][1] for number in waiting))
        for number, ns in zip(waiting, divide(room, [self.paths[number][1] for number in waiting])):
            path, had = self.paths[number]
            self.paths[number] = (path, had - ns)


def divide_program(
    process: ProcessRecording, places: Mapping[int, int], groups: Sequence[GroupReport]
) -> DividedTime:
    """Divides the wall time of ``process``; ``places`` maps its groups to their places in ``groups``."""
    divided = DividedTime(max(process.last_ns - process.began_ns, 0))
    exact = _exact(process)
    paths = [] if process.stacks is None else list(paths_of(process.stacks, MAIN_THREAD))
    by_class: dict[Class, list[SampledPath]] = {}
    for path in paths:
        by_class.setdefault(_class_of(path), []).append(path)
    totals: dict[Class, int] = {}
    for label, ns in exact.items():
        totals[_class(label)] = totals.get(_class(label), 0) + ns
    if process.ended_ns is None:
        _add_unfinished(totals, by_class, divided.wall_ns)
    left = max(divided.wall_ns - sum(totals.values()), 0)
    parts = _Parts(divided.wall_ns)
    for label, ns in exact.items():
        _add_exact(parts, label, ns, places, groups)
    for kind, ns in totals.items():
        known = by_class.pop(kind, [])
        weights = divide(ns, [path.wall_ns for path in known])
        divided.paths += list(zip(known, weights))
        _add_inside(parts, kind, known, weights, ns, places, groups)
    _add_rest(parts, divided, [path for paths in by_class.values() for path in paths], left, process, groups)
    parts.make_whole()
    _move_to_other_threads(parts, process, places, groups)
    _move_work_of_other_threads(parts, divided, process)
    divided.parts = parts.finished()
    return divided


def divide(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` in whole numbers in proportion to the weights, to the last one.

    >>> divide(10, [1, 1, 1]), divide(7, []), divide(5, [0, 0])
    ([3, 3, 4], [], [0, 5])
    """
    whole, seen = sum(weights), 0.0
    sums = [0]
    for weight in weights:
        seen += weight
        sums.append(int(total * (seen / whole)) if whole else 0)
    if weights:
        sums[-1] = total
    return [after - before for before, after in pairwise(sums)]


# --- what was measured ---


@dataclass(frozen=True)
class _Interval:
    begin: int
    end: int
    label: tuple[object, ...]


def _exact(process: ProcessRecording) -> dict[tuple[object, ...], int]:
    """The own time of each interval on the main thread, without intervals within it."""
    first, last = process.began_ns, process.last_ns
    rows = process.calls[process.calls["thread"] == MAIN_THREAD]
    intervals = [
        _Interval(begin, begin + wall, ("inference", group))
        for begin, wall, group in zip(
            rows["begin_ns"].tolist(), rows["wall_ns"].tolist(), rows["group"].tolist()
        )
    ]
    intervals += [
        _Interval(one.begin_ns, one.begin_ns + one.wall_ns, ("activity", one.kind, one.name, one.where))
        for one in process.activities
        if one.thread == MAIN_THREAD and one.within < 0
    ]
    intervals.append(_Interval(first, begin_of_watching(process), (kind_before_watching(process),)))
    own: dict[tuple[object, ...], int] = {}
    around: list[_Interval] = []
    for one in sorted(intervals, key=lambda one: (one.begin, -one.end)):
        while around and one.begin >= around[-1].end:
            around.pop()
        begin, end = max(one.begin, first), min(one.end, last, around[-1].end if around else last)
        if end <= begin:
            continue
        own[one.label] = own.get(one.label, 0) + end - begin
        if around:
            own[around[-1].label] -= end - begin
        around.append(_Interval(begin, end, one.label))
    return {label: ns for label, ns in own.items() if ns > 0}


def kind_before_watching(process: ProcessRecording) -> PartKind:
    """What the time of a process before it was watched is: a forked child, or a watched block, already has
    the framework.
    """
    imports = any(one.kind == "import" for one in process.activities)
    return "before_import" if imports else "not_watched"


def begin_of_watching(process: ProcessRecording) -> int:
    """From when on a process was watched: its samples, else its first import of a framework."""
    if process.stacks is not None:
        return process.stacks.began_ns
    imports = [one.begin_ns for one in process.activities if one.kind == "import"]
    return min(imports, default=process.began_ns)


def _class(label: tuple[object, ...]) -> Class:
    return (str(label[0]), label[1] if len(label) > 1 else None)


def _class_of(path: SampledPath) -> Class:
    if path.group is not None:
        return ("inference", path.group)
    if path.activities:
        return ("activity", path.activities[-1])
    return ("rest", None)


def _add_unfinished(
    totals: dict[Class, int], by_class: Mapping[Class, Sequence[SampledPath]], wall_ns: int
) -> None:
    """A call or activity in which the process was killed has no interval: its samples give its time."""
    for kind, paths in by_class.items():
        if kind[0] == "rest":
            continue
        seen, known = sum(path.wall_ns for path in paths), totals.get(kind, 0)
        room = wall_ns - sum(totals.values())
        if seen > known and room > 0:
            totals[kind] = known + min(seen - known, room)


# --- the parts ---


class _Parts:
    """Parts, added up by their identity."""

    def __init__(self, wall_ns: int) -> None:
        self.wall_ns = wall_ns
        self.found: dict[ProgramPart, int] = {}

    def add(self, part: ProgramPart, ns: int) -> None:
        if ns > 0:
            self.found[part] = self.found.get(part, 0) + ns

    def take_waiting(self, most: int) -> int:
        """Takes up to ``most`` ns from parts that wait, in proportion; returns how many it took."""
        waiting = [part for part in self.found if part.kind == "waiting"]
        room = min(most, sum(self.found[part] for part in waiting))
        for part, ns in zip(waiting, divide(room, [self.found[part] for part in waiting])):
            self.found[part] -= ns
        return room

    def make_whole(self) -> None:
        """Time that no part has becomes unattributed; an excess is taken from the largest part."""
        over = self.wall_ns - sum(self.found.values())
        if over > 0:
            self.add(_part("unattributed"), over)
        for part in sorted(self.found, key=lambda one: -self.found[one]):
            if over >= 0:
                break
            taken = min(self.found[part], -over)
            self.found[part] -= taken
            over += taken

    def finished(self) -> list[ProgramPart]:
        """The parts with their time, the largest first; small ones are merged by kind."""
        sums: dict[ProgramPart, int] = {}
        for part, ns in self.found.items():
            least = LEAST_IMPORT if part.kind == "import" else LEAST_PART
            if ns < least * self.wall_ns and part.kind != "inference":
                part = _part(part.kind, exact=part.exact)
            sums[part] = sums.get(part, 0) + ns
        made = [
            replace(part, total_ns=ns, share=round(ns / max(self.wall_ns, 1), 6))
            for part, ns in sums.items()
            if ns > 0
        ]
        return sorted(made, key=lambda one: (-one.total_ns, one.kind, one.file, one.line))


def _part(kind: PartKind, exact: bool = False, **fields: object) -> ProgramPart:
    return ProgramPart(kind=kind, total_ns=0, share=0.0, exact=exact, **fields)  # type: ignore[arg-type]


def _add_exact(
    parts: _Parts,
    label: tuple[object, ...],
    ns: int,
    places: Mapping[int, int],
    groups: Sequence[GroupReport],
) -> None:
    """Adds parts that need no samples. Samples divide imports and training."""
    if label[0] == "before_import":
        parts.add(_part("before_import", exact=True), ns)
    elif label[0] == "not_watched":
        parts.add(_part("not_watched", exact=True), ns)
    elif label[0] == "activity":
        _, kind, name, where = (str(one) for one in label)
        part_kind = ACTIVITY_KINDS.get(kind, "loading")
        if part_kind != "import":
            parts.add(_part(part_kind, exact=True, what=name, **_place(where)), ns)


def _add_inside(
    parts: _Parts,
    kind: Class,
    paths: Sequence[SampledPath],
    weights: Sequence[int],
    ns: int,
    places: Mapping[int, int],
    groups: Sequence[GroupReport],
) -> None:
    """Divides the inside of measured intervals by samples."""
    if kind[0] == "inference":
        parts.add(_inference(kind[1], places, groups), ns)
        return
    if kind[0] != "activity":
        return
    part_kind = ACTIVITY_KINDS.get(str(kind[1]), "loading")
    if part_kind == "import":
        for path, weight in zip(paths, weights):
            parts.add(_part("import", exact=False, what=path.package or FINDING_MODULES), weight)
        if not paths:
            parts.add(_part("import", exact=True, what="tensorflow"), ns)
        return
    known = sum(part_ns for part, part_ns in parts.found.items() if part.kind == part_kind and part.exact)
    if not known:  # it was never finished
        parts.add(_part(part_kind, what=str(kind[1])), ns)
    if part_kind in _WITH_OWN_CODE:
        _move_own_code(parts, part_kind, paths, weights)


def _move_own_code(
    parts: _Parts, kind: PartKind, paths: Sequence[SampledPath], weights: Sequence[int]
) -> None:
    """Gives the user's own lines in training, such as callbacks, their time of it."""
    own = [(path, weight) for path, weight in zip(paths, weights) if path.within and path.line is not None]
    for part, ns in _by_line(own):
        left = ns
        for around in [one for one in parts.found if one.kind == kind]:
            taken = min(left, parts.found[around])
            parts.found[around] -= taken
            left -= taken
        parts.add(part, ns - left)


def _add_rest(
    parts: _Parts,
    divided: DividedTime,
    paths: Sequence[SampledPath],
    left: int,
    process: ProcessRecording,
    groups: Sequence[GroupReport],
) -> None:
    """Divides the time that is ``left`` by the samples outside measured intervals."""
    stacks: Stacks | None = process.stacks
    paused = 0 if stacks is None else min(stacks.paused_ns, left)
    parts.add(_part("not_watched", exact=True), paused)
    seen = sum(path.wall_ns for path in paths)
    known = min(left - paused, int(seen * _MOST_STRETCHING))
    weights = divide(known, [path.wall_ns for path in paths])
    divided.paths += list(zip(paths, weights))
    for part, ns in _by_line(zip(paths, weights)):
        parts.add(part, ns)


def _by_line(paths: Iterable[tuple[SampledPath, int]]) -> list[tuple[ProgramPart, int]]:
    """The parts of paths outside measured intervals."""
    sums: dict[ProgramPart, int] = {}
    walls: dict[ProgramPart, int] = {}
    processor: dict[ProgramPart, int] = {}
    for path, ns in paths:
        part = _own_part(path)
        sums[part] = sums.get(part, 0) + ns
        walls[part] = walls.get(part, 0) + path.wall_ns
        processor[part] = processor.get(part, 0) + path.cpu_ns
    return [
        (
            replace(part, kind="waiting")
            if part.kind == "own_code" and processor[part] < IDLE * walls[part]
            else part,
            ns,
        )
        for part, ns in sums.items()
    ]


def _own_part(path: SampledPath) -> ProgramPart:
    if path.by_recorder:
        return _part("recording")
    if path.package is not None:
        return _part("import", what=path.package or FINDING_MODULES)
    kind: PartKind = "own_code"
    if is_waiting(path.below):
        kind = "waiting"
    elif is_building(path.below):
        kind = "building"
    what = name_of(called(path.below))
    line = path.line
    if line is None:
        return _part(kind, what=what)
    return _part(kind, what=what, file=line.file, line=line.line, function=line.function, source=line.source)


def _inference(group: object, places: Mapping[int, int], groups: Sequence[GroupReport]) -> ProgramPart:
    place = places.get(group) if isinstance(group, int) else None
    if place is None:
        return _part("inference", exact=True)
    one = groups[place]
    return _part(
        "inference",
        exact=True,
        what=one.entry,
        file=one.site.file,
        line=one.site.line,
        function=one.site.function,
        source=one.site.source,
        group=place,
    )


def _place(where: str) -> dict[str, object]:
    found = _WHERE.match(where)
    if found is None:
        return {"file": where}
    return {
        "file": found["file"],
        "line": int(found["line"]),
        "function": found["function"] or "",
    }


# --- threads ---


def _move_to_other_threads(
    parts: _Parts, process: ProcessRecording, places: Mapping[int, int], groups: Sequence[GroupReport]
) -> None:
    """Gives inference on other threads the time in which the main thread waited, and no more."""
    calls = process.calls
    others = calls[calls["thread"] != MAIN_THREAD]
    if not len(others):
        return
    alone = union_ns(*on_one_clock(process, calls)) - union_ns(
        *on_one_clock(process, calls[calls["thread"] == MAIN_THREAD])
    )
    room = parts.take_waiting(alone)
    numbers = sorted(set(others["group"].tolist()))
    weights = [int(others["wall_ns"][others["group"] == number].sum()) for number in numbers]
    for number, ns in zip(numbers, divide(room, weights)):
        parts.add(_inference(number, places, groups), ns)


def _move_work_of_other_threads(parts: _Parts, divided: DividedTime, process: ProcessRecording) -> None:
    """Gives other threads' work outside inference the time in which the main thread waits for it."""
    if process.stacks is None:
        return
    paths = [
        path
        for thread in sorted(process.threads)
        if thread != MAIN_THREAD
        for path in paths_of(process.stacks, thread)
        if path.group is None and not path.by_recorder
    ]
    idle = {part for part, _ in _by_line((path, path.wall_ns) for path in paths) if part.kind == "waiting"}
    working = [path for path in paths if _waits(_work_of(path)) not in idle]
    room = parts.take_waiting(sum(path.wall_ns for path in working))
    weights = divide(room, [path.wall_ns for path in working])
    for path, ns in zip(working, weights):
        parts.add(_work_of(path), ns)
    divided.take_waiting(room)
    divided.paths += list(zip(working, weights))


def _work_of(path: SampledPath) -> ProgramPart:
    """The part of a path, also if the path is in Keras work with an interval on its thread."""
    own = _own_part(path)
    if not path.activities or own.kind not in ("own_code", "building"):
        return own
    return replace(own, kind=ACTIVITY_KINDS.get(path.activities[-1], "loading"))


def _waits(part: ProgramPart) -> ProgramPart:
    return replace(part, kind="waiting")


def outermost(activities: Iterable[Activity]) -> list[Activity]:
    """Keras' other work that lies in no other of its thread, and in no call."""
    found: list[Activity] = []
    ends: dict[int, int] = {}
    outside = (one for one in activities if one.within < 0)
    for one in sorted(outside, key=lambda one: (one.begin_ns, -one.wall_ns)):
        if one.begin_ns >= ends.get(one.thread, one.begin_ns):
            found.append(one)
            ends[one.thread] = one.begin_ns + one.wall_ns
    return found


def activities_at(activities: Iterable[Activity]) -> dict[tuple[str, int], list[Activity]]:
    """Keras' other work outside inference, by the user's file and line."""
    found: dict[tuple[str, int], list[Activity]] = {}
    for one in outermost(activities):
        at = file_and_line(one.where)
        if at is not None:
            found.setdefault(at, []).append(one)
    return found


def file_and_line(where: str) -> tuple[str, int] | None:
    """The file and line of a text written by the recorder, None if it has none.

    >>> file_and_line("/home/u/app.py:7, in main"), file_and_line("")
    (('/home/u/app.py', 7), None)
    """
    found = _WHERE.match(where)
    return None if found is None else (found["file"], int(found["line"]))

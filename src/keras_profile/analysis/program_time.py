"""Where a program's time goes: calls on one clock, overlapping ones counted once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ..model.arrays import Ints
from ..model.program import Activity, ProcessRecording, ProgramRecording, Rows, Stacks
from ..model.program_report import (
    BetweenCalls,
    GroupReport,
    Regularity,
    SampledPlace,
    ShapeCalls,
    ThreadCalls,
    Waiting,
)
from ..model.workload import Input
from ..recorder.protocol import CAPTURES
from ..recordings.program_groups import Folded
from ..recordings.program_rows import warm
from .sampled_paths import paths_of

#: What an activity of Keras is called in a report.
_KINDS = {
    "fit": "training",
    "train_on_batch": "training",
    "evaluate": "evaluating",
    "test_on_batch": "evaluating",
    "load_model": "loading",
    "clone_model": "loading",
    "set_weights": "setting weights",
    "compile": "compiling",
    "import": "importing",
}


def on_one_clock(process: ProcessRecording, rows: Rows) -> tuple[Ints, Ints]:
    """Begins and ends of calls in ns of the clock that all processes share."""
    begin = rows["begin_ns"] + process.clock_ns
    return begin, begin + rows["wall_ns"]


def union_ns(begin: Ints, end: Ints) -> int:
    """How long at least one of the intervals lasts.

    >>> union_ns(np.array([0, 5, 20]), np.array([10, 12, 30]))
    22
    """
    if not len(begin):
        return 0
    order = np.argsort(begin, kind="stable")
    begin, latest = begin[order], np.maximum.accumulate(end[order])
    before = np.concatenate([begin[:1], latest[:-1]])
    return int(np.maximum(latest - np.maximum(begin, before), 0).sum())


def bare(rows: Rows) -> Rows:
    """The timed warm calls with nothing installed; all timed warm calls if there are none."""
    timed = warm(rows)
    alone = timed[timed["capture"] == CAPTURES.index("bare")]
    return alone if len(alone) else timed


def regularity(rows: Rows) -> Regularity | None:
    """How much the warm calls differ, None where there are none."""
    walls = bare(rows)["wall_ns"]
    if not len(walls):
        return None
    low, middle, high = (int(one) for one in np.quantile(walls, [0.05, 0.5, 0.95]))
    return Regularity(low, middle, high)


def by_shape(group: Folded) -> list[ShapeCalls]:
    """A group's calls by the shapes of their inputs, those with the most time first."""
    members: dict[str, list[int]] = {}
    inputs_of: dict[str, list[Input]] = {}
    for place, member in enumerate(group.members):
        inputs = member.inputs
        inputs_of[str(inputs)] = inputs
        members.setdefault(str(inputs), []).append(place)
    found = []
    for key, places in members.items():
        rows = group.rows[np.isin(group.rows["group"], places)]
        walls = bare(rows)["wall_ns"]
        found.append(
            ShapeCalls(
                inputs_of[key],
                len(rows),
                int(rows["wall_ns"].sum()),
                int(np.median(walls)) if len(walls) else None,
            )
        )
    return sorted(found, key=lambda one: -one.total_ns)


def by_thread(rows: Rows, names: dict[int, str]) -> list[ThreadCalls]:
    """The calls of each thread, the busiest first."""
    found = []
    for thread in np.unique(rows["thread"]).tolist():
        walls = rows["wall_ns"][rows["thread"] == thread]
        found.append(ThreadCalls(names.get(thread, f"thread {thread}"), len(walls), int(walls.sum())))
    return sorted(found, key=lambda one: -one.total_ns)


def waiting(rows: Rows) -> Waiting | None:
    """Calls that overlap those of other threads, compared with calls alone; None if there are none."""
    timed = bare(rows)
    together = timed["wall_ns"][timed["others"] > 0]
    alone = timed["wall_ns"][timed["others"] == 0]
    if not len(together):
        return None
    return Waiting(int(np.median(alone)) if len(alone) else None, int(np.median(together)), len(together))


def together_ns(groups: Sequence[GroupReport]) -> int:
    """The time of all calls of some groups."""
    return sum(one.total_ns for one in groups)


def longest_run(group: GroupReport) -> int:
    """The longest run of calls from one line in a row; 0 if it is not known."""
    return max((site.longest_run for site in group.workload.facts.call_sites or ()), default=0)


def between_calls(of_processes: Iterable[Sequence[Activity]]) -> list[BetweenCalls]:
    """Keras' work outside inference, the most expensive first, each without the work within it."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for activities in of_processes:
        outside = [one for one in activities if one.within < 0]
        for one, own_ns in zip(outside, _own_times(outside)):
            sums.setdefault((_KINDS.get(one.kind, one.kind), one.name, one.where), []).append(own_ns)
    found = [BetweenCalls(*key, count=len(walls), total_ns=sum(walls)) for key, walls in sums.items()]
    return sorted(found, key=lambda one: -one.total_ns)


def _own_times(activities: Sequence[Activity]) -> list[int]:
    """The time of each activity without that of others within it, such as nested imports."""
    own = [one.wall_ns for one in activities]
    open_ones: dict[int, list[int]] = {}  # by thread, the outermost first
    for place in sorted(range(len(own)), key=lambda one: (activities[one].begin_ns, -own[one])):
        one = activities[place]
        around = open_ones.setdefault(one.thread, [])
        while around and one.begin_ns >= activities[around[-1]].begin_ns + activities[around[-1]].wall_ns:
            around.pop()
        if around:
            own[around[-1]] = max(own[around[-1]] - one.wall_ns, 0)
        around.append(place)
    return own


def sampled_places(parts: Sequence[Stacks | None]) -> list[SampledPlace]:
    """Where threads were outside calls, the most expensive line first."""
    times: dict[tuple[str, int, str], int] = {}
    for part in parts:
        threads = set() if part is None else {one.line for one in part.frames if one.kind == "thread"}
        for path in (path for thread in threads if part is not None for path in paths_of(part, thread)):
            if path.line is not None and path.group is None and not path.by_recorder:
                key = (path.line.file, path.line.line, path.line.function)
                times[key] = times.get(key, 0) + path.wall_ns
    total = max(sum(times.values()), 1)
    found = [SampledPlace(*key, share=round(ns / total, 6)) for key, ns in times.items()]
    return sorted(found, key=lambda one: -one.share)


def program_wall_ns(program: ProgramRecording) -> int:
    """From the first process's start to the end of the last one."""
    begins = [one.started_ns for one in program.processes]
    ends = [one.last_ns + one.clock_ns for one in program.processes]
    return max(ends) - min(begins)


def program_inference_ns(program: ProgramRecording, all_ns: int) -> int:
    """The part of the program's time ``all_ns`` in which at least one call of a model ran."""
    intervals = [on_one_clock(process, process.calls) for process in program.processes]
    begin: Ints = np.concatenate([one for one, _ in intervals])
    end: Ints = np.concatenate([one for _, one in intervals])
    return min(union_ns(begin, end), all_ns)

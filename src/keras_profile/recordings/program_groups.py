"""The groups of a program's calls as ordinary recordings: each is one workload.

A group is the calls of one line on inputs of one shape. Where the shapes vary from call to
call, the groups that differ in nothing else are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from msgspec import structs

from ..model.arrays import Ints
from ..model.program import Activity, Group, ProcessRecording, ProgramRecording, Rows, Site
from ..model.recording import Calls, CaptureOutcome, Recording, RecordingFile, Schema
from ..model.workload import (
    CallSite,
    InnerCall,
    Input,
    LoadedModel,
    MadeModels,
    ModelObjects,
    RecordedWorkload,
)
from ..recorder.protocol import CAPTURES, COLD, PROGRAM_FILES, RAISED, RECORDING_SCHEMA, SETTLING
from .json_files import read_program_file
from .program_rows import kept, longest_runs, warm
from .readers.program import columns, process_folders, read_blocks, read_process
from .replays import replay_of

#: How many calls of a group are asked how many others run at the same time.
_CALLS_BESIDE = 100
#: Activities that make a model.
_LOADING = ("load_model", "clone_model")
#: How many of the last warm calls are looked at for loaded models.
_CALLS_LOADING = 200


@dataclass(frozen=True)
class Folded:
    """Groups that are one in the report: ``main`` is the one whose folder the recording is named for."""

    process: ProcessRecording
    main: Group
    members: tuple[int, ...]
    rows: Rows
    longest_run: int

    @property
    def site(self) -> Site:
        return self.process.sites.get(self.main.site, Site("", 0, "", ""))

    @property
    def folder(self) -> Path:
        return self._folder_of(self.main.number)

    @property
    def folders(self) -> list[Path]:
        """The folders of all that are folded into it, in the order of ``members``."""
        return [self._folder_of(number) for number in self.members]

    def _folder_of(self, number: int) -> Path:
        return self.process.folder / PROGRAM_FILES["groups"] / str(number)

    @property
    def has_recording(self) -> bool:
        """Whether a warm call of it was timed, without which there is nothing to attribute.

        In the program or after its end. A process that was killed at its start may not have told of its
        environment either.
        """
        return bool(self.process.environment.as_recorded) and (
            bool(len(warm(self.rows))) or replay_of(self.folders) is not None
        )


def read_program(folder: Path) -> ProgramRecording:
    """The program's recording in ``folder``. Raises :class:`RecordingError`."""
    content = read_program_file(folder)
    processes = [read_process(place) for place in process_folders(folder)]
    return ProgramRecording(folder, content, sorted(processes, key=lambda one: (one.time, one.pid)))


def fold(process: ProcessRecording) -> list[Folded]:
    """The process's groups of calls, those of one base together where their shapes vary."""
    bases: dict[int, list[Group]] = {}
    for group in process.groups.values():
        bases.setdefault(group.base, []).append(group)
    parts: list[tuple[Group, list[Group]]] = []
    for members in bases.values():
        varying = [group for group in members if group.varying]
        parts += [(varying[0], members)] if varying else [(group, [group]) for group in members]
    part_of = {member.number: main.number for main, members in parts for member in members}
    numbers: Ints = np.array(
        [part_of.get(number, -1) for number in process.calls["group"].tolist()], dtype=np.int64
    )
    runs = longest_runs(process.calls, numbers) if len(numbers) else {}
    return [
        Folded(
            process,
            main,
            tuple(sorted(member.number for member in members)),
            _first_alone_is_cold(process.calls[numbers == main.number]),
            runs.get(main.number, 0),
        )
        for main, members in parts
        if (numbers == main.number).any()
    ]


def _first_alone_is_cold(rows: Rows) -> Rows:
    """A group's rows, of which those that are the first of their shape alone are warm.

    What a new shape costs, the calls of a program whose shapes vary cost again and again.
    """
    later = np.ones(len(rows), dtype=bool)
    later[np.argmin(rows["begin_ns"])] = False
    rows = rows.copy()
    rows["flags"][later] &= ~COLD
    return rows


def recording_of(program: ProgramRecording, group: Folded, rows: Rows) -> Recording:
    """The group as a recording of one workload, of which these ``rows`` are the calls."""
    content = RecordingFile(
        schema=Schema.of(RECORDING_SCHEMA),
        created=program.content.created,
        complete=group.process.ended_ns is not None,
        interrupted=program.content.interrupted,
        environment=group.process.environment,
        workload=workload_of(group),
        captures=_captures(group, rows),
        calls=_calls(rows),
        internals=group.process.internals,
    )
    return Recording(group.folder, content)


def rows_and_spans(group: Folded) -> tuple[Rows, Ints, Ints]:
    """The rows of the recording in the order the calls began, and their spans as one column of
    codes and one of times.

    A block of spans belongs to a row by its place: the n-th block of a folder is that of the
    n-th row under spans that settled nothing. Rows without a block were cut off.
    """
    spans = CAPTURES.index("spans")
    blocks: dict[int, tuple[Ints, Ints]] = {}
    for number, folder in zip(group.members, group.folders):
        with_block = np.flatnonzero(
            (group.rows["group"] == number)
            & (group.rows["capture"] == spans)
            & (group.rows["flags"] & SETTLING == 0)
        )
        blocks.update(zip(with_block.tolist(), read_blocks(folder / PROGRAM_FILES["spans"])))
    order = np.argsort(group.rows["begin_ns"], kind="stable").tolist()
    chosen = [
        row
        for row in order
        if not group.rows["flags"][row] & (RAISED | SETTLING)
        and (group.rows["capture"][row] != spans or row in blocks)
    ]
    codes, times = columns(blocks[row] for row in chosen if group.rows["capture"][row] == spans)
    return group.rows[chosen], codes, times


def _calls(rows: Rows) -> Calls:
    cold = rows["flags"] & COLD != 0
    is_bare = rows["capture"] == CAPTURES.index("bare")
    return Calls(
        capture=[CAPTURES[number] for number in rows["capture"].tolist()],
        round=np.where(cold, -1, rows["block"]).tolist(),
        cold=cold.tolist(),
        begin_ns=rows["begin_ns"].tolist(),
        wall_ns=rows["wall_ns"].tolist(),
        cpu_ns=rows["cpu_ns"].tolist(),
        rss_bytes=[
            size if size >= 0 and known else None
            for size, known in zip(rows["rss_bytes"].tolist(), is_bare.tolist())
        ],
    )


def _captures(group: Folded, rows: Rows) -> list[CaptureOutcome]:
    """How each capture went, by its own group's word before that of one folded into it."""
    known: dict[str, CaptureOutcome] = {}
    numbers = [number for number in group.members if number != group.main.number]
    for number in (*numbers, group.main.number):
        known |= {one.name: one for one in group.process.captures.get(number, [])}
    for number in np.unique(rows["capture"]).tolist():
        known.setdefault(CAPTURES[number], CaptureOutcome(CAPTURES[number], "ok", ""))
    return [known[name] for name in CAPTURES if name in known]


def workload_of(group: Folded) -> RecordedWorkload:
    """What was called, with what the calls of the whole program tell of it."""
    process, rows, site = group.process, group.rows, group.site
    workload = dict(group.main.workload.as_recorded)
    inputs = _common_inputs([process.groups[number].workload.facts.inputs for number in group.members])
    first_rows = inputs[0].shape[0] if inputs and inputs[0].shape else None
    workload["inputs"] = inputs
    workload["target"] = f"{site.file}:{site.line}"
    workload["entry_point"] = group.main.entry
    for key in ("layers", "announcements", "input_shapes", "cold_traces", "traced"):
        workload.setdefault(key, [])
    workload["call_sites"] = [
        CallSite(
            file=site.file,
            line=site.line,
            function=site.function,
            source=site.source,
            through=site.through,
            entry=group.main.entry,
            calls=len(rows),
            total_ns=int(rows["wall_ns"].sum()),
            rows=first_rows,
            longest_run=group.longest_run,
        )
    ]
    # What is called within a call is part of it: a loop around the calls is told by their site.
    workload["inner_calls"] = [InnerCall(group.main.entry, "", 1, first_rows)]
    workload["loads"] = _loads_in_a_call(group)
    workload["settling_ns"] = _settling(rows)
    beside = rows["others"][np.unique(np.linspace(0, len(rows) - 1, _CALLS_BESIDE).round().astype(np.int64))]
    workload["threads_in_keras"] = beside.tolist()
    models = rows["model"][rows["model"] >= 0]
    workload["models"] = ModelObjects(len(np.unique(models)), len(rows), _made_by(process.activities))
    return RecordedWorkload(msgspec.to_builtins(workload))


def _common_inputs(of_members: Sequence[list[Input]]) -> list[Input]:
    """The inputs of all groups as one: None where sizes of a shape differ."""
    common = list(of_members[0])
    for others in of_members[1:]:
        for number, (mine, theirs) in enumerate(zip(common, others)):
            common[number] = structs.replace(mine, shape=_common_shape(mine.shape, theirs.shape))
    return common


def _common_shape(
    mine: Sequence[int | None] | None, theirs: Sequence[int | None] | None
) -> list[int | None] | None:
    if mine is None or theirs is None or len(mine) != len(theirs):
        return None
    return [one if one == other else None for one, other in zip(mine, theirs)]


def _loads_in_a_call(group: Folded) -> list[LoadedModel]:
    """What the last warm call that loads models loads, where most warm calls do."""
    rows = kept(group.rows)
    rows = rows[rows["flags"] & COLD == 0][-_CALLS_LOADING:]
    loads = [one for one in group.process.activities if one.kind in _LOADING and one.within in group.members]
    if not len(rows) or not loads:
        return []
    of_calls: list[list[Activity]] = []
    for begin, wall, thread in zip(
        rows["begin_ns"].tolist(), rows["wall_ns"].tolist(), rows["thread"].tolist()
    ):
        of_calls.append(
            [one for one in loads if one.thread == thread and begin <= one.begin_ns <= begin + wall]
        )
    having = [one for one in of_calls if one]
    if 2 * len(having) < len(of_calls):
        return []
    return [LoadedModel(one.name or one.kind, one.where) for one in having[-1]]


def _settling(rows: Rows) -> list[int]:
    """The walls of the calls that settled before the first that counts."""
    ordered = rows[np.argsort(rows["begin_ns"], kind="stable")]
    counted = (ordered["flags"] & (COLD | RAISED | SETTLING)) == 0
    first = int(np.argmax(counted)) if counted.any() else len(ordered)
    before = ordered[:first]
    walls: list[int] = before["wall_ns"][before["flags"] & SETTLING != 0].tolist()
    return walls


def _made_by(activities: Sequence[Activity]) -> list[MadeModels]:
    """What made models outside of calls, and from where, the most often first."""
    walls: dict[tuple[str, str], list[int]] = {}
    for one in activities:
        if one.kind in _LOADING and one.within < 0:
            walls.setdefault((one.name or one.kind, one.where), []).append(one.wall_ns)
    found = [
        MadeModels(function, where, len(times), int(np.median(times)))
        for (function, where), times in walls.items()
    ]
    return sorted(found, key=lambda one: -one.count)

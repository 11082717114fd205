"""The groups of a program's calls as ordinary recordings: each is one workload.

On disk a group is the calls of one line on inputs of one shape, in one process. Here, groups with
the same line, entry point and kind of model become one, whatever their shapes and processes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import numpy as np
from msgspec import UNSET, structs

from ..errors import RecordingError
from ..model.arrays import Flags, Ints
from ..model.program import Activity, Group, ProcessRecording, ProgramFile, ProgramRecording, Rows, Site
from ..model.recording import Calls, CaptureOutcome, Recording, RecordingFile, Schema
from ..model.workload import (
    CallSite,
    DataFlow,
    EventLoopCalls,
    InnerCall,
    Input,
    LoadedModel,
    MadeModels,
    ModelObjects,
    RecordedWorkload,
    Workload,
)
from ..recorder.protocol import (
    CAPTURES,
    COLD,
    FILES,
    PROGRAM_FILES,
    PROGRAM_SCHEMA,
    RAISED,
    RECORDING_SCHEMA,
    SETTLING,
)
from .json_files import read_program_file
from .program_rows import NO_RUN, Run, kept, longest_runs, warm
from .readers.program import process_folders, read_process
from .readers.span_blocks import columns, read_blocks
from .regular_files import is_there
from .replays import replay_of

#: For how many calls of a group the number of simultaneous calls is given.
_CALLS_BESIDE = 100
#: Activities that make a model or its functions again.
_LOADING, _COMPILING = ("load_model", "clone_model"), ("compile",)
#: Those that give a model other weights.
_SETTING = ("set_weights",)
#: Up to this many calls per model object on average, models are made for the calls: none of them is warm.
_CALLS_OF_A_NEW_MODEL = 2
#: How many of the last warm calls are searched for loaded models.
_CALLS_LOADING = 200


@dataclass(frozen=True)
class Member:
    """A group as it is on disk: from one process, and of one shape unless shapes vary."""

    process: ProcessRecording
    group: Group

    @property
    def site(self) -> Site:
        return self.process.sites.get(self.group.site, Site("", 0, "", ""))

    @property
    def inputs(self) -> list[Input]:
        """The inputs of its calls, with None for sizes that are known to vary."""
        facts = self.group.workload.facts
        if not self.group.varying or facts.input_shapes is UNSET:
            return facts.inputs
        noted = [
            [structs.replace(one, shape=list(shape)) for one, shape in zip(facts.inputs, call)]
            for call in facts.input_shapes
            if len(call) == len(facts.inputs)
        ]
        return _common_inputs([facts.inputs, *noted])

    @property
    def folder(self) -> Path:
        return self.process.folder / PROGRAM_FILES["groups"] / str(self.group.number)


@dataclass(frozen=True)
class Folded:
    """Groups that are one in the report, which is named after the first of ``members``.

    ``rows`` are the calls of all members, on the clock of the first one's process: ``group`` is the
    index in ``members``, ``thread`` a key of ``threads``, and ``model`` and ``block`` are different in
    different processes.
    """

    members: tuple[Member, ...]
    rows: Rows
    threads: dict[int, str]
    run: Run

    @property
    def main(self) -> Group:
        return self.members[0].group

    @property
    def process(self) -> ProcessRecording:
        return self.members[0].process

    @property
    def processes(self) -> list[ProcessRecording]:
        """All processes that made calls, each once."""
        return list({member.process.folder: member.process for member in self.members}.values())

    @property
    def site(self) -> Site:
        return self.members[0].site

    @property
    def folder(self) -> Path:
        return self.members[0].folder

    @property
    def folders(self) -> list[Path]:
        """The folders of all groups that are folded into it, in the order of ``members``."""
        return [member.folder for member in self.members]

    @property
    def has_recording(self) -> bool:
        """Whether a warm call was timed, in the program or after its end.

        Without one there is nothing to attribute. A process that was killed at its start may not have
        reported its environment either.
        """
        return bool(self.process.environment.as_recorded) and (
            bool(len(warm(self.rows))) or replay_of(self.folders) is not None
        )


def read_program(folder: Path) -> ProgramRecording:
    """Reads the program's recording in ``folder``, without damaged parts.

    Raises :class:`RecordingError` if nothing of it can be read.
    """
    damage = []
    content = _unknown_program()
    if is_there(folder / PROGRAM_FILES["program"]):
        try:
            content = read_program_file(folder)
        except RecordingError as error:
            damage.append(f"the program's start and end are unknown: {error.message}")
    else:
        damage.append(f"the program's start and end are unknown: there is no {PROGRAM_FILES['program']}")
    processes = []
    for place in process_folders(folder):
        try:
            processes.append(read_process(place))
        except RecordingError as error:
            damage.append(f"{place.name} is left out: {error.message}")
    if damage and not processes:
        raise RecordingError(f"{folder}: nothing of the recording can be read: {'; '.join(damage)}")
    return ProgramRecording(folder, content, _on_one_clock(processes), damage)


def _unknown_program() -> ProgramFile:
    """Returns the content for a program about which nothing is known."""
    return ProgramFile(Schema.of(PROGRAM_SCHEMA), "", [], "", None, False, False)


def _on_one_clock(processes: Sequence[ProcessRecording]) -> list[ProcessRecording]:
    """Returns the processes in the order they began, each with the shift of its times to a shared clock.

    This is the machine's clock if all processes are known to have run since one start of the machine.
    Otherwise it is the time of day, which may be changed between two processes.
    """
    boots = {one.boot for one in processes}
    of_day = {one.folder: round(one.time * 1e9) - one.began_ns for one in processes if one.time is not None}
    known = [of_day[one.folder] for one in processes if one.folder in of_day]
    shared = known[0] if known else 0
    is_one_clock = len(boots) == 1 and "" not in boots
    found = [
        replace(one, clock_ns=shared if is_one_clock else of_day.get(one.folder, shared)) for one in processes
    ]
    return sorted(found, key=lambda one: (one.started_ns, one.pid))


def places_of(process: ProcessRecording, groups: Sequence[Folded]) -> dict[int, int]:
    """Returns the index in the folded ``groups`` for each group of a process, by its number."""
    return {
        member.group.number: place
        for place, group in enumerate(groups)
        for member in group.members
        if member.process is process
    }


def process_names(processes: Sequence[ProcessRecording]) -> list[str]:
    """Returns the name of each process: its number, and which one it is if several have that number."""
    of_all = Counter(one.pid for one in processes)
    met: Counter[int] = Counter()
    names = []
    for one in processes:
        met[one.pid] += 1
        several = of_all[one.pid] > 1
        names.append(f"{one.pid} ({met[one.pid]} of {of_all[one.pid]})" if several else str(one.pid))
    return names


def fold(processes: Sequence[ProcessRecording]) -> list[Folded]:
    """Joins the groups of a program's processes that have the same line, entry point and kind of model."""
    together: dict[Hashable, list[Member]] = {}
    runs: dict[Hashable, Run] = {}
    for process in processes:
        kinds: dict[int, Hashable] = {}
        for group in process.groups.values():
            member = Member(process, group)
            kind = kinds.setdefault(group.base, _kind(member))
            together.setdefault(kind, []).append(member)
        for line, run in _runs_by_line(process).items():
            runs[line] = max(run, runs.get(line, run))
    found = (_folded(members, runs.get(_line(members[0]), NO_RUN)) for members in together.values())
    return [one for one in found if one is not None]


def _line(member: Member) -> Hashable:
    """Returns what calls from one line have in common."""
    site = member.site
    through = None if site.through is None else (site.through.file, site.through.line)
    return site.file, site.line, site.function, through, member.group.entry


def _kind(member: Member) -> Hashable:
    """Returns what the calls of one group have in common, in any process."""
    facts, environment = member.group.workload.facts, member.process.environment.facts
    return (
        _line(member),
        (facts.model_class, facts.parameters, tuple(layer.layer_class for layer in facts.layers)),
        (environment.python, environment.keras, environment.tensorflow, environment.backend),
    )


def _runs_by_line(process: ProcessRecording) -> dict[Hashable, Run]:
    """Returns the longest run of calls from each line, of any model."""
    lines: dict[Hashable, int] = {}
    of_group = {
        number: lines.setdefault(_line(Member(process, group)), len(lines))
        for number, group in process.groups.items()
    }
    numbers: Ints = np.array(
        [of_group.get(number, -1) for number in process.calls["group"].tolist()], dtype=np.int64
    )
    runs = longest_runs(process.calls, numbers)
    return {line: runs[number] for line, number in lines.items() if number in runs}


def _folded(members: Sequence[Member], run: Run) -> Folded | None:
    """Returns these groups as one, None if none of them has a call."""
    rows_of = [
        (member, member.process.calls[member.process.calls["group"] == member.group.number])
        for member in members
    ]
    having = [(member, rows) for member, rows in rows_of if len(rows)]
    if not having:
        return None
    # The group for which recipes were tried, or else the one with most time, represents all.
    having.sort(key=lambda one: (not is_there(one[0].folder / FILES["trials"]), -one[1]["wall_ns"].sum()))
    of_folder = {member.process.folder: member.process for member, _ in having}
    processes = list(of_folder)
    names_of = dict(zip(processes, process_names(list(of_folder.values()))))
    main = having[0][0].process
    threads: dict[tuple[int, int], int] = {}
    names: dict[int, str] = {}
    parts = []
    for place, (member, rows) in enumerate(having):
        process, rows = member.process, rows.copy()
        number = processes.index(process.folder)
        for thread in np.unique(rows["thread"]).tolist():
            known = threads.setdefault((number, thread), len(threads))
            name = process.threads.get(thread, f"thread {thread}")
            names[known] = name if len(processes) == 1 else f"{name} of process {names_of[process.folder]}"
        rows["group"] = place
        rows["begin_ns"] += process.clock_ns - main.clock_ns
        rows["thread"] = [threads[number, thread] for thread in rows["thread"].tolist()]
        # Numbers of models and blocks are unique only within a process.
        for column in ("model", "block"):
            known_ones = rows[column] >= 0
            rows[column][known_ones] = rows[column][known_ones] * len(processes) + number
        parts.append(rows)
    together = np.concatenate(parts)
    for folder in processes:
        own = [place for place, (member, _) in enumerate(having) if member.process.folder == folder]
        if any(having[place][0].group.varying for place in own):
            _first_alone_is_cold(together, np.isin(together["group"], own))
    _first_of_each_model_is_cold(together)
    return Folded(tuple(member for member, _ in having), together, names, run)


def _first_alone_is_cold(rows: Rows, own: Flags) -> None:
    """Makes a process's ``own`` rows warm if they are only the first of their shape.

    In a program whose shapes vary, calls pay the cost of a new shape again and again.
    """
    first = np.flatnonzero(own)[np.argmin(rows["begin_ns"][own])]
    later = own.copy()
    later[first] = False
    rows["flags"][later] &= ~COLD


def _first_of_each_model_is_cold(rows: Rows) -> None:
    """Makes each model's first call cold if a line calls several models repeatedly: it builds the model."""
    models, counts = np.unique(rows["model"][rows["model"] >= 0], return_counts=True)
    if len(models) < 2 or counts.sum() <= _CALLS_OF_A_NEW_MODEL * len(models):
        return
    for model in models.tolist():
        own = np.flatnonzero(rows["model"] == model)
        rows["flags"][own[np.argmin(rows["begin_ns"][own])]] |= COLD


def recording_of(program: ProgramRecording, group: Folded, rows: Rows) -> Recording:
    """Returns the group as a recording of one workload, with these ``rows`` as its calls."""
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


@dataclass(frozen=True)
class RowsAndSpans:
    """The rows of a recording in the order the calls began, and their spans.

    The spans are a column of codes and one of times; ``damage`` is what could not be read, in words.
    """

    rows: Rows
    codes: Ints
    times: Ints
    damage: list[str] = field(default_factory=list)


def rows_and_spans(group: Folded) -> RowsAndSpans:
    """Returns the rows of the group's recording, and their spans.

    A block of spans belongs to the row under spans with the same beginning and duration. Rows without a
    block were cut off.
    """
    spans = CAPTURES.index("spans")
    blocks: dict[int, tuple[Ints, Ints]] = {}
    damage = []
    for place, member in enumerate(group.members):
        path = member.folder / PROGRAM_FILES["spans"]
        try:
            found = read_blocks(path)
        except RecordingError as error:
            damage.append(error.message)
            continue
        shift_ns = member.process.clock_ns - group.process.clock_ns
        chosen = np.flatnonzero((group.rows["group"] == place) & (group.rows["capture"] == spans))
        begins = (group.rows["begin_ns"][chosen] - shift_ns).tolist()
        row_at = dict(zip(zip(begins, group.rows["wall_ns"][chosen].tolist()), chosen.tolist()))
        of_rows = [row_at.get((int(times[0]), int(times[-1] - times[0]))) for _, times in found.blocks]
        for row, (codes, times) in zip(of_rows, found.blocks):
            if row is not None:
                blocks[row] = codes, times + shift_ns
        # The last call may have been cut off between its spans and its row.
        strange = of_rows[:-1].count(None)
        if found.lost_bytes or strange:
            what = (
                f"{found.lost_bytes:,} bytes, {strange} calls" if strange else f"{found.lost_bytes:,} bytes"
            )
            damage.append(f"{path}: damaged, {what} of the spans are left out")
    order = np.argsort(group.rows["begin_ns"], kind="stable").tolist()
    kept_rows = [
        row
        for row in order
        if not group.rows["flags"][row] & (RAISED | SETTLING)
        and (group.rows["capture"][row] != spans or row in blocks)
    ]
    codes, times = columns(blocks[row] for row in kept_rows if row in blocks)
    return RowsAndSpans(group.rows[kept_rows], codes, times, damage)


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
    """Returns how each capture went. The main group's outcome has priority over the others'."""
    known: dict[str, CaptureOutcome] = {}
    for member in reversed(group.members):
        known |= {one.name: one for one in member.process.captures.get(member.group.number, [])}
    for number in np.unique(rows["capture"]).tolist():
        known.setdefault(CAPTURES[number], CaptureOutcome(CAPTURES[number], "ok", ""))
    return [known[name] for name in CAPTURES if name in known]


def workload_of(group: Folded) -> RecordedWorkload:
    """Returns what was called, with what the calls of the whole program show about it."""
    rows, site = group.rows, group.site
    workload = dict(group.main.workload.as_recorded)
    of_members = [member.group.workload.facts for member in group.members]
    workload["inputs"] = _common_inputs([member.inputs for member in group.members])
    workload["target"] = f"{site.file}:{site.line}"
    workload["entry_point"] = group.main.entry
    for key in ("layers", "announcements", "input_shapes", "cold_traces", "traced"):
        workload.setdefault(key, [])
    varying = next((member for member in group.members if member.group.varying), None)
    if varying is not None:
        # Differences between calls after the first few shapes are known only for this group.
        as_recorded = varying.group.workload.as_recorded
        workload |= {key: as_recorded.get(key, []) for key in ("input_shapes", "traced")}
        workload["varying"] = True
    least, most = _row_range(of_members)
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
            rows=least if least == most else None,
            longest_run=group.run.calls,
            row_range=None if least is None or most is None else [least, most],
            models_in_run=group.run.models,
            one_position=site.one_position,
        )
    ]
    # What is called within a call is part of it. A loop around the calls is shown by their site.
    workload["inner_calls"] = [InnerCall(group.main.entry, "", 1, least if least == most else None)]
    workload["loads"] = _loads_in_a_call(group)
    workload["settling_ns"] = _settling(rows)
    beside = rows["others"][np.unique(np.linspace(0, len(rows) - 1, _CALLS_BESIDE).round().astype(np.int64))]
    workload["threads_in_keras"] = beside.tolist()
    models = rows["model"][rows["model"] >= 0]
    activities = [one for process in group.processes for one in process.activities]
    workload["models"] = ModelObjects(
        len(np.unique(models)),
        len(rows),
        _made_by(activities, _LOADING),
        _made_by(activities, _COMPILING),
        _made_by(activities, _SETTING),
    )
    flows = [facts.data_flow for facts in of_members if isinstance(facts.data_flow, DataFlow)]
    if flows:
        workload["data_flow"] = max(flows, key=lambda flow: flow.calls)
    on_loop = [facts.event_loop for facts in of_members if facts.event_loop is not UNSET]
    if on_loop:
        workload["event_loop"] = _on_event_loop(on_loop)
    return RecordedWorkload(msgspec.to_builtins(workload))


def _common_inputs(of_members: Sequence[list[Input]]) -> list[Input]:
    """Returns the inputs of all groups as one, with None where sizes of a shape differ."""
    common = list(of_members[0])
    for others in of_members[1:]:
        for number, (mine, theirs) in enumerate(zip(common, others)):
            shape = _common_shape(mine.shape, theirs.shape)
            # Rows of different lengths are not all padded to one.
            has_one_length = shape is not None and None not in shape[1:]
            padding = mine.padding if has_one_length else UNSET
            common[number] = structs.replace(mine, shape=shape, padding=padding)
    return common


def _common_shape(
    mine: Sequence[int | None] | None, theirs: Sequence[int | None] | None
) -> list[int | None] | None:
    if mine is None or theirs is None or len(mine) != len(theirs):
        return None
    return [one if one == other else None for one, other in zip(mine, theirs)]


def _row_range(of_members: Sequence[Workload]) -> tuple[int | None, int | None]:
    """Returns the fewest and the most rows of a call's first input; None if they are not known."""
    shapes: list[Sequence[int | None]] = []
    for facts in of_members:
        noted = [] if facts.input_shapes is UNSET else facts.input_shapes
        # A group whose shapes vary has the shapes of several calls, up to a limit.
        shapes += [call[0] for call in noted if call] if facts.varying is True and noted else []
        shapes += [facts.inputs[0].shape] if facts.inputs and facts.inputs[0].shape else []
    rows = [shape[0] for shape in shapes if shape]
    known = [count for count in rows if count is not None]
    return (min(known), max(known)) if known and len(known) == len(rows) else (None, None)


def _loads_in_a_call(group: Folded) -> list[LoadedModel]:
    """Returns what the last warm call that loads models loads, if most warm calls do so."""
    places = [place for place, member in enumerate(group.members) if member.process is group.process]
    rows = kept(group.rows)
    rows = rows[(rows["flags"] & COLD == 0) & np.isin(rows["group"], places)][-_CALLS_LOADING:]
    numbers = {member.group.number for member in group.members if member.process is group.process}
    loads = [one for one in group.process.activities if one.kind in _LOADING and one.within in numbers]
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
    """Returns the wall times of the settling calls before the first call that counts."""
    ordered = rows[np.argsort(rows["begin_ns"], kind="stable")]
    counted = (ordered["flags"] & (COLD | RAISED | SETTLING)) == 0
    first = int(np.argmax(counted)) if counted.any() else len(ordered)
    before = ordered[:first]
    walls: list[int] = before["wall_ns"][before["flags"] & SETTLING != 0].tolist()
    return walls


def _made_by(activities: Sequence[Activity], kinds: Sequence[str]) -> list[MadeModels]:
    """Returns what made or changed models outside of calls, and from where, the most frequent first."""
    walls: dict[tuple[str, str], list[int]] = {}
    for one in activities:
        if one.kind in kinds and one.within < 0 and not _is_within_another(one, activities):
            walls.setdefault((one.name or one.kind, one.where), []).append(one.wall_ns)
    found = [
        MadeModels(function, where, len(times), int(np.median(times)))
        for (function, where), times in walls.items()
    ]
    return sorted(found, key=lambda one: -one.count)


def _is_within_another(one: Activity, activities: Sequence[Activity]) -> bool:
    """Whether an activity ran within another of its kind, as when one overload calls another."""
    return any(
        other is not one
        and other.kind == one.kind
        and other.thread == one.thread
        and other.begin_ns <= one.begin_ns
        and one.begin_ns + one.wall_ns <= other.begin_ns + other.wall_ns
        for other in activities
    )


def _on_event_loop(of_members: Sequence[EventLoopCalls | None]) -> EventLoopCalls | None:
    """Returns the calls of all members that block an event loop; None if there are none."""
    found = [one for one in of_members if one is not None]
    if not found:
        return None
    longest = max(found, key=lambda one: one.longest_ns)
    shown = [one.most_waiting for one in found if one.most_waiting is not None]
    return structs.replace(
        longest,
        calls=sum(one.calls for one in found),
        total_ns=sum(one.total_ns for one in found),
        tasks_in_a_row=max(one.tasks_in_a_row for one in found),
        waited=sum(one.waited for one in found),
        most_waiting=max(shown) if shown else None,
    )

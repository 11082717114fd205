"""Reads what a process of a program recorded: its events, calls, samples and spans.

Every file is appended to or replaced while the program runs, and ends anywhere where it was
killed: what was cut off is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np

from ...errors import RecordingError
from ...model.arrays import Ints
from ...model.environment import RecordedEnvironment
from ...model.program import Activity, Group, ProcessRecording, Rows, Site, Stacks, UnfinishedCall
from ...model.recording import CaptureOutcome, RecordedInternal
from ...model.workload import RecordedWorkload
from ...recorder.protocol import CALL_FIELDS, CAPTURES, PROGRAM_FILES, RAISED, events
from ..json_files import UNDECODABLE

_Kind = TypeVar("_Kind")


def process_folders(program: Path) -> list[Path]:
    """The folders of a program's processes in which a model was called."""
    return sorted(path.parent for path in program.glob(f"process-*/{PROGRAM_FILES['process']}"))


def read_process(folder: Path) -> ProcessRecording:
    """The process in ``folder``. Raises :class:`RecordingError` where it is none."""
    path = folder / PROGRAM_FILES["process"]
    found = _read_events(path)
    head = next(_of(found, events.Process), None)
    if head is None:
        raise RecordingError(f"{path}: expected the events of a process, found none that tells of it")
    try:
        return _process(folder, head, found)
    except msgspec.ValidationError as error:
        raise _no_events(path, error) from error


def _process(folder: Path, head: events.Process, found: list[events.Event]) -> ProcessRecording:
    ended = _last(found, events.Ended)
    environment = _last(found, events.Environment)
    internals = _last(found, events.Internals)
    overhead = _last(found, events.Overhead)
    calls = read_calls(folder / PROGRAM_FILES["calls"])
    captures: dict[int, dict[str, CaptureOutcome]] = {}
    for one in _of(found, events.Capture):
        outcome = msgspec.convert(vars(one), CaptureOutcome)
        captures.setdefault(one.group, {})[one.name] = outcome
    return ProcessRecording(
        folder=folder,
        pid=head.pid,
        parent=head.parent,
        argv=head.argv,
        forked=head.forked,
        time=head.time,
        began_ns=head.began_ns,
        ended_ns=None if ended is None else ended.at_ns,
        raised=None if ended is None else ended.raised,
        environment=RecordedEnvironment({} if environment is None else environment.environment),
        internals=msgspec.convert([] if internals is None else internals.internals, list[RecordedInternal]),
        sites={one.site: msgspec.convert(vars(one), Site) for one in _of(found, events.Site)},
        groups={
            one.group: Group(
                one.group, one.site, one.entry, RecordedWorkload(one.workload), one.varying, one.base
            )
            for one in _of(found, events.Group)
        },
        captures={group: list(outcomes.values()) for group, outcomes in captures.items()},
        activities=[
            Activity(one.kind, one.name, one.where, one.begin_ns, one.wall_ns, one.thread, one.within)
            for one in _of(found, events.Activity)
        ],
        announcements=list(dict.fromkeys(one.text for one in _of(found, events.Announce))),
        overhead={} if overhead is None else overhead.parts,
        threads={one.thread: one.name for one in _of(found, events.Thread)},
        calls=calls,
        unfinished=_unfinished(found, calls),
        stacks=_read_stacks(folder / PROGRAM_FILES["stacks"]),
    )


def _unfinished(found: list[events.Event], calls: Rows) -> list[UnfinishedCall]:
    """The calls that were under way for long and did not come to their own end."""
    last = {(one.group, one.begin_ns): one for one in _of(found, events.Unfinished)}
    returned = set(calls["begin_ns"][calls["flags"] & RAISED == 0].tolist())
    return [
        msgspec.convert(vars(one), UnfinishedCall)
        for (_, begin_ns), one in last.items()
        if begin_ns not in returned
    ]


def _of(found: list[events.Event], kind: type[_Kind]) -> Iterator[_Kind]:
    """The events of a kind."""
    return (event for event in found if isinstance(event, kind))


def _last(found: list[events.Event], kind: type[_Kind]) -> _Kind | None:
    """The last event of a kind, None where there is none."""
    return next((event for event in reversed(found) if isinstance(event, kind)), None)


def _read_events(path: Path) -> list[events.Event]:
    """The events of a file whose last line may be cut off; those of unknown kinds are left out."""
    lines = _bytes(path).split(b"\n")
    found: list[events.Event] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            fields = msgspec.json.decode(line, type=dict[str, Any])
        except UNDECODABLE as error:
            if number == len(lines):  # the process ended while it wrote it
                break
            raise RecordingError(
                f"{path}: expected one event a line, found something else in line {number}: {error}",
            ) from error
        if not isinstance(fields.get("event"), str):
            raise RecordingError(f"{path}: expected one event a line, found none in line {number}")
        kind = events.KINDS.get(fields["event"])
        if kind is None:
            continue
        try:
            found.append(msgspec.convert(fields, kind))
        except msgspec.ValidationError as error:
            raise _no_events(path, error) from error
    return found


def _no_events(path: Path, error: msgspec.ValidationError) -> RecordingError:
    return RecordingError(f"{path}: expected the events of a process, found something else: {error}")


def read_calls(path: Path) -> Rows:
    """The rows of ``calls.bin``, none where there is no such file. A partial last row is dropped."""
    kind = np.dtype(list(CALL_FIELDS))
    if not path.exists():
        return np.zeros(0, dtype=kind)
    data = _bytes(path)
    rows = np.frombuffer(data[: len(data) - len(data) % kind.itemsize], dtype=kind)
    known = (rows["wall_ns"] >= 0) & (rows["capture"] >= 0) & (rows["capture"] < len(CAPTURES))
    if not known.all():
        raise RecordingError(f"{path}: expected rows of calls, found something else")
    return rows


def read_blocks(path: Path) -> list[tuple[Ints, Ints]]:
    """Codes and times of each call in ``spans.bin``; none where there is no such file.

    A block that is cut off is dropped.
    """
    if not path.exists():
        return []
    data = _bytes(path)
    numbers = np.frombuffer(data[: len(data) - len(data) % 8], dtype="<i8").astype(np.int64)
    blocks, place = [], 0
    while place < len(numbers):
        count = int(numbers[place])
        if count < 0:
            raise RecordingError(f"{path}: expected blocks of spans, found something else")
        begin, end = place + 1, place + 1 + 2 * count
        if end > len(numbers):
            break
        blocks.append((numbers[begin : begin + count], numbers[begin + count : end]))
        place = end
    return blocks


def columns(blocks: Iterable[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """All blocks as one column of codes and one of times."""
    codes, times = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for some_codes, some_times in blocks:
        codes.append(some_codes)
        times.append(some_times)
    return np.concatenate(codes), np.concatenate(times)


def _read_stacks(path: Path) -> Stacks | None:
    if not path.exists():
        return None
    try:
        found = msgspec.json.decode(_bytes(path), type=Stacks)
    except UNDECODABLE as error:
        raise _no_stacks(path, error) from error
    nodes = found.nodes
    columns = (nodes.parent, nodes.frame, nodes.count, nodes.wall_ns, nodes.cpu_ns)
    if len({len(column) for column in columns}) != 1:
        raise _no_stacks(path, "columns of nodes differ in length")
    for number, (parent, frame) in enumerate(zip(nodes.parent[1:], nodes.frame[1:]), 1):
        if not (0 <= parent < number and 0 <= frame < len(found.frames)):
            raise _no_stacks(path, f"node {number} has no such parent or frame")
    return found


def _no_stacks(path: Path, why: object) -> RecordingError:
    return RecordingError(f"{path}: expected samples of where threads were, found something else: {why}")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror})") from error

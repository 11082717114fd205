"""Reads what a process of a program recorded: its events, calls, samples and spans.

Every file is appended to or replaced while the program runs, and ends anywhere where it was
killed: what was cut off is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np

from ...errors import RecordingError
from ...model.arrays import Ints
from ...model.environment import RecordedEnvironment
from ...model.program import Activity, Between, Group, PlaceCount, ProcessRecording, Rows, Site
from ...model.recorded import from_json
from ...model.recording import CaptureOutcome, RecordedInternal
from ...model.workload import RecordedWorkload
from ...recorder.protocol import CALL_FIELDS, CAPTURES, PROGRAM_FILES
from ..json_files import UNDECODABLE

_Kind = TypeVar("_Kind")


class _Process(msgspec.Struct):
    pid: int
    parent: int
    argv: list[str]
    time: float
    began_ns: int
    forked: bool = False


class _Sampled(msgspec.Struct):
    interval_ns: int
    samples: list[PlaceCount]
    total: int


class _GroupEvent(msgspec.Struct):
    group: int
    site: int
    entry: str
    workload: RecordedWorkload
    base: int
    varying: bool = False


def process_folders(program: Path) -> list[Path]:
    """The folders of a program's processes in which a model was called."""
    return sorted(path.parent for path in program.glob(f"process-*/{PROGRAM_FILES['process']}"))


def read_process(folder: Path) -> ProcessRecording:
    """The process in ``folder``. Raises :class:`RecordingError` where it is none."""
    path = folder / PROGRAM_FILES["process"]
    events = _read_events(path)
    heads = [event for event in events if event["event"] == "process"]
    if not heads:
        raise RecordingError(f"{path}: expected the events of a process, found none that tells of it")
    try:
        return _process(folder, msgspec.convert(heads[0], _Process), events)
    except (msgspec.ValidationError, KeyError, TypeError) as error:
        raise RecordingError(
            f"{path}: expected the events of a process, found something else: {error}"
        ) from error


def _process(folder: Path, head: _Process, events: list[dict[str, Any]]) -> ProcessRecording:
    def all_of(kind: str) -> list[dict[str, Any]]:
        return [event for event in events if event["event"] == kind]

    ended = all_of("ended")[-1:]
    captures: dict[int, dict[str, CaptureOutcome]] = {}
    for event in all_of("capture"):
        captures.setdefault(int(event["group"]), {})[event["name"]] = msgspec.convert(event, CaptureOutcome)
    groups = [msgspec.convert(event, _GroupEvent, dec_hook=from_json) for event in all_of("group")]
    return ProcessRecording(
        folder=folder,
        pid=head.pid,
        parent=head.parent,
        argv=head.argv,
        forked=head.forked,
        time=head.time,
        began_ns=head.began_ns,
        ended_ns=int(ended[0]["at_ns"]) if ended else None,
        raised=ended[0].get("raised") if ended else None,
        environment=RecordedEnvironment(_last(all_of("environment"), "environment", {})),
        internals=msgspec.convert(_last(all_of("internals"), "internals", []), list[RecordedInternal]),
        sites={int(event["site"]): msgspec.convert(event, Site) for event in all_of("site")},
        groups={
            one.group: Group(one.group, one.site, one.entry, one.workload, one.varying, one.base)
            for one in groups
        },
        captures={group: list(outcomes.values()) for group, outcomes in captures.items()},
        activities=msgspec.convert(all_of("activity"), list[Activity]),
        announcements=list(dict.fromkeys(str(event["text"]) for event in all_of("announce"))),
        overhead=msgspec.convert(_last(all_of("overhead"), "parts", {}), dict[str, int], strict=False),
        threads={int(event["thread"]): str(event["name"]) for event in all_of("thread")},
        calls=read_calls(folder / PROGRAM_FILES["calls"]),
        between=_read_between(folder / PROGRAM_FILES["between"]),
    )


def _last(events: list[dict[str, Any]], key: str, otherwise: Any) -> Any:
    return events[-1][key] if events else otherwise


def _read_events(path: Path) -> list[dict[str, Any]]:
    """The events of a file whose last line may be cut off."""
    lines = _bytes(path).split(b"\n")
    events: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            event = msgspec.json.decode(line, type=dict[str, Any])
        except UNDECODABLE as error:
            if number == len(lines):  # the process ended while it wrote it
                break
            raise RecordingError(
                f"{path}: expected one event a line, found something else in line {number}: {error}",
            ) from error
        if not isinstance(event.get("event"), str):
            raise RecordingError(f"{path}: expected one event a line, found none in line {number}")
        events.append(event)
    return events


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


def _read_between(path: Path) -> Between | None:
    if not path.exists():
        return None
    try:
        found = msgspec.json.decode(_bytes(path), type=_Sampled)
    except UNDECODABLE as error:
        raise RecordingError(
            f"{path}: expected samples of where threads were, found something else: {error}"
        ) from error
    return Between(found.interval_ns, found.samples, found.total)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror})") from error

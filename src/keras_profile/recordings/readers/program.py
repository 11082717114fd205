"""Reads what a process of a program recorded: its events, samples, calls and spans.

Every file is appended to or replaced while the program runs, and may end anywhere if that is killed.
A full disk cuts lines and rows in the middle. Incomplete and damaged parts are left out, and this
is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ...errors import RecordingError
from ...model.environment import RecordedEnvironment
from ...model.program import Activity, Group, ProcessRecording, Rows, Site, UnfinishedCall
from ...model.ranges import Nanoseconds
from ...model.recording import CaptureOutcome, RecordedInternal
from ...model.workload import RecordedWorkload
from ...number_words import plural
from ...recorder.protocol import PROGRAM_FILES, RAISED, events
from ..json_text import UNDECODABLE, decode_any
from ..regular_files import is_folder, is_there, read_regular
from .call_rows import MOST_NS, LifeTime, read_calls
from .stacks import read_stacks

_Kind = TypeVar("_Kind")

#: The maximum size of a process's events, each with the models that it reports.
_MOST_LINES_BYTES = 1 << 28
#: What every line begins with: if one was cut off, the next begins within its line.
_BEGIN = re.compile(rb'(?=\{"event": ?")')
#: The latest time of day at which a process may have begun, in seconds.
_MOST_TIME = 4e9


def process_folders(program: Path) -> list[Path]:
    """Returns the folders of a program's processes in which something was recorded."""
    known = [PROGRAM_FILES[name] for name in ("process", "calls", "groups", "stacks")]
    found = (path for path in program.glob("process-*") if is_folder(path))
    return sorted(path for path in found if any(is_there(path / name) for name in known))


def read_process(folder: Path) -> ProcessRecording:
    """Reads the process in ``folder``. Raises :class:`RecordingError` if nothing of it can be read."""
    path = folder / PROGRAM_FILES["process"]
    told = _Told()
    for line in _lines(path):
        told.hear(line)
    lived = LifeTime(
        None if told.head is None else told.head.began_ns,
        None if told.ended is None else told.ended.at_ns,
    )
    calls, damage = read_calls(folder / PROGRAM_FILES["calls"], lived, frozenset(told.groups))
    if told.lost:
        damage.insert(0, f"{plural(told.lost, 'damaged line')} of {path.name}")
    activities = [one for one in told.activities if lived.has(one.begin_ns, one.wall_ns)]
    if len(activities) < len(told.activities):
        damage.append(
            f"{plural(len(told.activities) - len(activities), 'event')} beside calls, at impossible times"
        )
    head = told.head or _guessed(folder, told, calls)
    if head is None:
        raise RecordingError(f"{path}: expected the events of a process, found none about the process itself")
    if told.head is None:
        damage.append("the line about the process itself")
    stacks, stacks_damage = read_stacks(folder / PROGRAM_FILES["stacks"], lived)
    damage += stacks_damage
    return ProcessRecording(
        folder=folder,
        pid=head.pid,
        parent=head.parent,
        argv=head.argv,
        forked=head.forked,
        time=head.time if told.head is not None else None,
        boot=head.boot,
        began_ns=head.began_ns,
        ended_ns=None if told.ended is None else max(told.ended.at_ns, head.began_ns),
        raised=None if told.ended is None else told.ended.raised,
        environment=told.environment,
        internals=told.internals,
        sites=told.sites,
        groups=told.groups,
        captures={group: list(outcomes.values()) for group, outcomes in told.captures.items()},
        activities=activities,
        announcements=list(dict.fromkeys(told.announcements)),
        overhead=told.overhead,
        threads=told.threads,
        calls=calls,
        unfinished=_unfinished(told.unfinished, calls),
        stacks=stacks,
        damage=damage,
    )


@dataclass
class _Told:
    """What the events of a process report, in order; ``lost`` counts unreadable lines."""

    head: events.Process | None = None
    environment: RecordedEnvironment = field(default_factory=lambda: RecordedEnvironment({}))
    internals: list[RecordedInternal] = field(default_factory=list)
    sites: dict[int, Site] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    captures: dict[int, dict[str, CaptureOutcome]] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)
    announcements: list[str] = field(default_factory=list)
    overhead: dict[str, int] = field(default_factory=dict)
    threads: dict[int, str] = field(default_factory=dict)
    unfinished: dict[tuple[int, int], UnfinishedCall] = field(default_factory=dict)
    ended: events.Ended | None = None
    lost: int = 0

    def hear(self, line: bytes) -> None:
        """Adds a line, or the complete parts of several lines that run into each other."""
        try:
            self._take(decode_any(line))
            return
        except UNDECODABLE:
            parts = [part for part in _BEGIN.split(line) if part.strip()]
        for part in parts:
            try:
                self._take(decode_any(part))
            except UNDECODABLE:
                self.lost += 1

    def _take(self, given: Any) -> None:
        """Adds an event. One of an unknown kind is from another version, and is ignored."""
        if not isinstance(given, dict) or not isinstance(given.get("event"), str):
            raise msgspec.ValidationError("no event")
        kind = events.KINDS.get(given["event"])
        if kind is None:
            return
        event = msgspec.convert(given, kind)
        match event:
            case events.Process():
                if not (0 <= event.time <= _MOST_TIME and 0 <= event.began_ns <= MOST_NS and event.pid >= 0):
                    raise msgspec.ValidationError("a process without a start time")
                self.head = event
            case events.Environment():
                self.environment = RecordedEnvironment(event.environment)
            case events.Internals():
                self.internals = msgspec.convert(event.internals, list[RecordedInternal])
            case events.Thread():
                self.threads[event.thread] = event.name
            case events.Site():
                self.sites[event.site] = msgspec.convert(vars(event), Site)
            case events.Group():
                workload = RecordedWorkload(event.workload)
                self.groups[event.group] = Group(
                    event.group, event.site, event.entry, workload, event.varying, event.base
                )
            case events.Capture():
                outcome = msgspec.convert(vars(event), CaptureOutcome)
                self.captures.setdefault(event.group, {})[event.name] = outcome
            case events.Activity():
                self.activities.append(msgspec.convert(vars(event), Activity))
            case events.Unfinished():
                call = msgspec.convert(vars(event), UnfinishedCall)
                self.unfinished[event.group, event.begin_ns] = call
            case events.Announce():
                self.announcements.append(event.text)
            case events.Overhead():
                self.overhead = msgspec.convert(event.parts, dict[str, Nanoseconds])
            case events.Ended():
                if not 0 <= event.at_ns <= MOST_NS:
                    raise msgspec.ValidationError("an end without a time")
                self.ended = event
            case _:
                return  # progress, which the driver has shown


def _lines(path: Path) -> Iterator[bytes]:
    """Yields the lines of a file, without a last one that the process did not finish writing."""
    data = read_regular(path, _MOST_LINES_BYTES)
    lines = data.split(b"\n")
    last = lines.pop()
    yield from (line for line in lines if line.strip())
    try:
        decode_any(last)
    except UNDECODABLE:
        return
    yield last


def _guessed(folder: Path, told: _Told, calls: Rows) -> events.Process | None:
    """Returns what is known about a process whose own line is lost; None if it made no call."""
    if not told.groups or not len(calls):
        return None
    number = re.match("process-([0-9]{1,9})", folder.name)
    began_ns = min([int(calls["begin_ns"].min()), *(one.begin_ns for one in told.activities)])
    return events.Process(pid=int(number[1]) if number else 0, parent=0, argv=[], time=0.0, began_ns=began_ns)


def _unfinished(last: dict[tuple[int, int], UnfinishedCall], calls: Rows) -> list[UnfinishedCall]:
    """Returns the calls that were running for long and did not return."""
    returned = set(calls["begin_ns"][calls["flags"] & RAISED == 0].tolist())
    return [call for (_, begin_ns), call in last.items() if begin_ns not in returned]

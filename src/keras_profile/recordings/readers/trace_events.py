"""Builds a trace from single events, for formats that list them one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import RecordingError
from ...model.trace import DevicePlane, Trace, TraceLine


@dataclass(frozen=True)
class Event:
    """An event of a thread, times in ps. ``name`` may have metadata, ``name#key=value#``."""

    thread: tuple[int, int]
    name: str
    begin: int
    end: int


def build_trace(
    source: str,
    threads: Mapping[tuple[int, int], str],
    events: Sequence[Event],
    bearing: Mapping[str, Collection[str]] | None = None,
    devices: tuple[DevicePlane, ...] = (),
) -> Trace:
    """Returns the events by thread, sorted, with interned names without their metadata.

    ``bearing`` has the names of events that bear each stat. Raises :class:`RecordingError` if an event has
    times that no trace can have.
    """
    numbers: dict[str, int] = {}
    rows: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for event in events:
        if not 0 <= event.begin <= event.end < 1 << 63:
            raise RecordingError(
                f"{source}: an event has impossible times: {event.begin} to {event.end} ps",
                "the file may be damaged; record again",
            )
        name = event.name.split("#", 1)[0]
        number = numbers.setdefault(name, len(numbers))
        rows.setdefault(event.thread, []).append((event.begin, -event.end, number))
    lines = []
    for thread in sorted(rows):
        begin, end, name = np.array(sorted(rows[thread]), dtype=np.int64).T
        lines.append(TraceLine(threads.get(thread, f"thread {thread[1]}"), name, begin, -end))
    known = {
        stat: frozenset(numbers[name] for name in names if name in numbers)
        for stat, names in (bearing or {}).items()
    }
    return Trace(source, list(numbers), lines, known, devices=devices)

"""Reads ``annotations.json``: the annotations of a trace whose release cannot make them.

The recorder timed them with its own clock, and also each run of an op that nothing else
uses. The events of this op in the trace are within these times, which gives the
difference between the clocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from ...errors import RecordingError
from ..json_text import UNDECODABLE, decode
from ..regular_files import read_regular
from .trace_events import Event

#: The trace has whole microseconds, in ns.
_TICK_NS = 1000


class _File(msgspec.Struct):
    marker: str
    markers: list[tuple[int, int]]
    annotations: list[tuple[str, int, int]]


def read_annotations(path: Path, events: Sequence[Event]) -> list[Event]:
    """Reads the annotations in ``path`` as events on the thread and the clock of ``events``.

    Returns none if the clocks cannot be related: the trace lacks runs of the op, or the clock
    was set in the meantime. Raises :class:`RecordingError` if the file holds something else.
    """
    try:
        content = decode(read_regular(path), _File)
    except UNDECODABLE as error:
        raise RecordingError(
            f"{path}: expected the annotations of a trace, found something else ({error})",
            "record again",
        ) from error
    found = _runs([event for event in events if event.name.strip() == content.marker])
    low, high = -1, -1
    if found and len(found) == len(content.markers):
        low = max(before - run.begin // 1000 - _TICK_NS for (before, _), run in zip(content.markers, found))
        high = min(after - run.end // 1000 for (_, after), run in zip(content.markers, found))
    if not 0 <= low <= high:
        return []
    offset = (low + high) // 2
    return [
        Event(found[0].thread, name, (begin - offset) * 1000, (end - offset) * 1000)
        for name, begin, end in content.annotations
    ]


def _runs(events: Sequence[Event]) -> list[Event]:
    """Returns the runs of an op; each of them leaves several events that overlap."""
    runs: list[Event] = []
    for event in sorted(events, key=lambda event: (event.begin, -event.end)):
        if runs and event.begin <= runs[-1].end:
            last = runs.pop()
            event = Event(last.thread, last.name, last.begin, max(last.end, event.end))
        runs.append(event)
    return runs

"""Reads TensorFlow's ``.xplane.pb`` (an XSpace) without TensorFlow.

A schema of our own for the fields that are read, after
https://github.com/openxla/xla/blob/main/third_party/tsl/tsl/profiler/protobuf/xplane.proto ::

    XSpace  1 planes
    XPlane  2 name, 3 lines, 4 event_metadata (map: 1 key, 2 value {2 name})
    XLine   2 name, 3 timestamp_ns, 4 events, 11 display_name
    XEvent  1 metadata_id, 2 offset_ps, 3 duration_ps, 4 stats

Framing is walked in Python, one step an event; the fields of all of a line's events are
decoded together, in numpy.

Times count from where the first of the plane's lines starts: some writers give the time
of day, which in ps does not fit into 64 bits.
"""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import RecordingError
from ..model.trace import Trace, TraceLine
from .wire import FIXED32, FIXED64, LENGTH, VARINT, Malformed, fields, next_field, read_varint, signed, text

#: The plane that holds the host's threads.
HOST_PLANE = "/host:CPU"
_EVENT_TAG = (4 << 3) | LENGTH
_KNOWN_KINDS = np.isin(np.arange(8), (VARINT, FIXED64, LENGTH, FIXED32))

Ints = npt.NDArray[np.int64]


def read_xspace(path: Path) -> Trace:
    """The host lines of the trace in ``path``. Raises :class:`RecordingError`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror})") from error
    if not data:
        raise RecordingError(
            f"{path}: the trace is empty (0 bytes)",
            "TensorFlow writes an empty file when a trace passes 2 GB: record fewer calls",
        )
    try:
        return _parse_space(data, str(path))
    except Malformed as error:
        raise RecordingError(
            f"{path}: expected a TensorFlow trace (XSpace), found something else: {error}",
            "the file may be cut short; record again",
        ) from error


def _parse_space(data: bytes, source: str) -> Trace:
    view = memoryview(data)
    planes = [
        body for number, kind, body in fields(view) if number == 1 and kind == LENGTH
    ]
    if not planes:
        raise Malformed("it has no planes")
    for body in planes:
        parts = list(fields(body))
        name = next((text(value) for number, kind, value in parts
                     if number == 2 and kind == LENGTH), "")
        if name == HOST_PLANE:
            return _parse_host_plane(parts, source)
    return Trace(source, [], [])


def _parse_host_plane(parts: list[tuple[int, int, memoryview]], source: str) -> Trace:
    names_by_id: dict[int, str] = {}
    for number, kind, body in parts:
        if number == 4 and kind == LENGTH:
            key, name = _parse_metadata(body)
            names_by_id[key] = name
    ids = sorted(names_by_id)
    number_of = np.asarray(ids, dtype=np.int64)
    names = [names_by_id[key] for key in ids] + ["(unnamed)"]
    lines = [
        _parse_line(body, number_of) for number, kind, body in parts if number == 3 and kind == LENGTH
    ]
    lines = [(start_ns, line) for start_ns, line in lines if len(line.begin)]
    first_ns = min((start_ns for start_ns, _ in lines), default=0)
    return Trace(source, names, [_delayed(line, (start_ns - first_ns) * 1000) for start_ns, line in lines])


def _parse_metadata(body: memoryview) -> tuple[int, str]:
    key, name = 0, ""
    for number, kind, value in fields(body):
        if number == 1 and kind == VARINT:
            key = signed(read_varint(value, 0)[0])
        elif number == 2 and kind == LENGTH:
            for inner, inner_kind, content in fields(value):
                if inner == 2 and inner_kind == LENGTH:
                    name = text(content)
    return key, name


def _parse_line(body: memoryview, ids: Ints) -> tuple[int, TraceLine]:
    """When a line starts, in ns, and the line with times from then on."""
    name, display, start_ns = "", "", 0
    starts: list[int] = []
    ends: list[int] = []
    position, size = 0, len(body)
    while position < size:
        if body[position] == _EVENT_TAG:
            length, begin = read_varint(body, position + 1)
            position = begin + length
            if position > size:
                raise Malformed("an event is longer than its line")
            starts.append(begin)
            ends.append(position)
            continue
        number, kind, value, position = next_field(body, position)
        if number == 2 and kind == LENGTH:
            name = text(value)
        elif number == 11 and kind == LENGTH:
            display = text(value)
        elif number == 3 and kind == VARINT:
            start_ns = signed(read_varint(value, 0)[0])
    raw = np.frombuffer(body, dtype=np.uint8)
    metadata, begin_ps, duration = _decode_events(
        raw, np.asarray(starts, np.int64), np.asarray(ends, np.int64))
    end_ps = begin_ps + duration
    if ((end_ps < begin_ps) != (duration < 0)).any():
        raise Malformed("the end of an event does not fit into 64 bits")
    # An enclosing event first: by begin, and of those that begin together the longest.
    order = np.lexsort((-end_ps, begin_ps))
    at = np.searchsorted(ids, metadata)
    known = (at < len(ids)) & (ids[np.minimum(at, max(len(ids) - 1, 0))] == metadata) if len(ids) else (
        np.zeros(len(metadata), dtype=bool))
    names = np.where(known, at, len(ids))
    return start_ns, TraceLine(display or name, names[order], begin_ps[order], end_ps[order])


def _delayed(line: TraceLine, delay_ps: int) -> TraceLine:
    """``line`` with all its times later by ``delay_ps``, which is not negative."""
    if delay_ps + int(line.end.max(initial=0)) >= 1 << 63:
        raise Malformed("the times of its lines are too far apart")
    return replace(line, begin=line.begin + delay_ps, end=line.end + delay_ps)


def _decode_events(raw: npt.NDArray[np.uint8], cursor: Ints, ends: Ints) -> tuple[Ints, Ints, Ints]:
    """metadata_id, offset_ps and duration_ps of the events between cursor and end."""
    columns = np.zeros((4, len(cursor)), dtype=np.int64)
    active = np.flatnonzero(cursor < ends)
    cursor = cursor.copy()
    while len(active):
        tag, cursor[active] = _varints(raw, cursor[active], ends[active])
        kind, field = tag & 7, tag >> 3
        varint = active[kind == VARINT]
        if len(varint):
            value, cursor[varint] = _varints(raw, cursor[varint], ends[varint])
            which = field[kind == VARINT]
            for number in (1, 2, 3):
                columns[number, varint[which == number]] = value[which == number]
        sized = active[kind == LENGTH]
        if len(sized):
            length, after = _varints(raw, cursor[sized], ends[sized])
            if ((length < 0) | (length > ends[sized] - after)).any():
                raise Malformed("a field is longer than its event")
            cursor[sized] = after + length
        cursor[active[kind == FIXED64]] += 8
        cursor[active[kind == FIXED32]] += 4
        if not _KNOWN_KINDS[kind].all():
            raise Malformed("an event has a field of an unknown kind")
        if (cursor[active] > ends[active]).any():
            raise Malformed("a field is longer than its event")
        active = active[cursor[active] < ends[active]]
    return columns[1], columns[2], columns[3]


def _varints(raw: npt.NDArray[np.uint8], cursor: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The varints that begin at ``cursor``, and where each ends."""
    value = np.zeros(len(cursor), dtype=np.int64)
    cursor = cursor.copy()
    going = np.arange(len(cursor))
    for shift in range(0, 70, 7):
        if (cursor[going] >= ends[going]).any():
            raise Malformed("a number runs past its field")
        byte = raw[cursor[going]].astype(np.int64)
        value[going] |= (byte & 0x7F) << shift if shift < 63 else (byte & 1) << 63
        cursor[going] += 1
        going = going[byte >= 0x80]
        if not len(going):
            return value, cursor
    raise Malformed("a number has more than ten bytes")

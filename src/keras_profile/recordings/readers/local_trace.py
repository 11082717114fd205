"""Reads ``local.trace``, what the profilers of TensorFlow 2.0 and 2.1 write.

It is a Trace message. These fields are read, after
https://github.com/tensorflow/tensorflow/blob/v2.1.4/tensorflow/core/protobuf/trace_events.proto ::

    Trace       1 devices (map: 1 key, 2 value), 4 trace_events
    Device      1 name, 3 resources (map: 1 key, 2 value {1 name})
    TraceEvent  1 device_id, 2 resource_id, 3 name, 9 timestamp_ps, 10 duration_ps,
                11 args (map: 1 key, 2 value)

A kernel of 2.1 is named after its op, and has ``path:op`` in its args as ``long name``,
which is its name in later releases. 2.0 does not record the path.
"""

from __future__ import annotations

from pathlib import Path

from ...errors import RecordingError
from ...model.trace import Trace
from ...recorder.protocol import FILES
from ..regular_files import is_there, read_regular
from .annotations import read_annotations
from .trace_events import Event, build_trace
from .wire import LENGTH, VARINT, Malformed, fields, read_varint, text


def read_local_trace(path: Path) -> Trace:
    """Reads the trace in ``path`` and the annotations beside it. Raises :class:`RecordingError`."""
    data = read_regular(path)
    if not data:
        raise RecordingError(f"{path}: the trace is empty (0 bytes)", "record again")
    threads: dict[tuple[int, int], str] = {}
    events: list[Event] = []
    try:
        for number, kind, body in fields(memoryview(data)):
            if number == 1 and kind == LENGTH:
                _parse_device(body, threads)
            elif number == 4 and kind == LENGTH:
                events.append(_parse_event(body))
    except Malformed as error:
        raise RecordingError(
            f"{path}: expected a trace of TensorFlow 2.0 or 2.1, found something else: {error}",
            "the file may be cut short; record again",
        ) from error
    annotations = path.with_name(FILES["annotations"])
    if is_there(annotations):
        events += read_annotations(annotations, events)
    return build_trace(str(path), threads, events)


def _parse_device(body: memoryview, threads: dict[tuple[int, int], str]) -> None:
    """Adds the names of a device's threads."""
    device, value = _parse_entry(body)
    for number, kind, content in fields(value):
        if number == 3 and kind == LENGTH:
            resource, named = _parse_entry(content)
            for inner, inner_kind, name in fields(named):
                if inner == 1 and inner_kind == LENGTH:
                    threads[device, resource] = text(name)


def _parse_entry(body: memoryview) -> tuple[int, memoryview]:
    """Returns key and value of a map's entry."""
    key, value = 0, memoryview(b"")
    for number, kind, content in fields(body):
        if number == 1 and kind == VARINT:
            key = read_varint(content, 0)[0]
        elif number == 2 and kind == LENGTH:
            value = content
    return key, value


def _parse_event(body: memoryview) -> Event:
    numbers = {1: 0, 2: 0, 9: 0, 10: 0}
    name = path = ""
    for number, kind, content in fields(body):
        if kind == VARINT and number in numbers:
            numbers[number] = read_varint(content, 0)[0]
        elif number == 3 and kind == LENGTH:
            name = text(content)
        elif number == 11 and kind == LENGTH:
            path = _path_of_kernel(content) or path
    return Event((numbers[1], numbers[2]), path or name, numbers[9], numbers[9] + numbers[10])


def _path_of_kernel(argument: memoryview) -> str:
    """Returns the kernel's path and op if this argument has them; else nothing."""
    parts = {number: text(content) for number, kind, content in fields(argument) if kind == LENGTH}
    long_name = parts.get(2, "")
    return long_name if parts.get(1) == "long name" and "/" in long_name else ""

"""Reads which options a TensorFlow trace was taken with, and whether Python was traced.

TensorFlow 2.21 writes the options to their own plane, 2.18 does not. These fields are
read, after
https://github.com/openxla/xla/blob/main/third_party/tsl/tsl/profiler/protobuf/xplane.proto
and ``profiler_options.proto`` next to it ::

    XPlane          2 name, 5 stat_metadata (map: 1 key, 2 value {2 name}), 6 stats
    XStat           1 metadata_id, 6 bytes_value
    ProfileOptions  2 host_tracer_level, 3 device_tracer_level, 4 python_tracer_level
"""

from __future__ import annotations

from pathlib import Path

from ...errors import RecordingError
from ...model.trace import Trace
from ...recordings.readers.wire import LENGTH, VARINT, Malformed, fields, read_varint, text

_ENVIRONMENT_PLANE = "Task Environment"
_OPTIONS = "profile_options"
_LEVELS = {2: "host_tracer_level", 3: "device_tracer_level", 4: "python_tracer_level"}
#: How the name of a traced call of a Python function begins: ``$file.py:LINE name``.
_PYTHON_CALL = "$"


def read_profile_options(path: Path) -> dict[str, int] | None:
    """Returns the levels that the trace in ``path`` was taken with; None if it does not say.

    Raises :class:`RecordingError`.
    """
    try:
        return _options(memoryview(path.read_bytes()))
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror})") from error
    except Malformed as error:
        raise RecordingError(
            f"{path}: expected a TensorFlow trace (XSpace), found something else: {error}",
            "the file may be cut short; record again",
        ) from error


def count_python_calls(trace: Trace) -> int:
    """Returns how many calls of Python functions TensorFlow's own tracer wrote into the trace."""
    python = {number for number, name in enumerate(trace.names) if name.startswith(_PYTHON_CALL)}
    return sum(number in python for line in trace.lines for number in line.name.tolist())


def _options(space: memoryview) -> dict[str, int] | None:
    for number, kind, plane in fields(space):
        if number != 1 or kind != LENGTH:
            continue
        parts = [(field, body) for field, kind, body in fields(plane) if kind == LENGTH]
        if not any(field == 2 and text(body) == _ENVIRONMENT_PLANE for field, body in parts):
            continue
        names = dict(_metadata(body) for field, body in parts if field == 5)
        for field, body in parts:
            if field == 6:
                key, value = _stat(body)
                if names.get(key) == _OPTIONS:
                    return _levels(value)
    return None


def _metadata(entry: memoryview) -> tuple[int, str]:
    key, name = 0, ""
    for number, kind, body in fields(entry):
        if number == 1 and kind == VARINT:
            key = read_varint(body, 0)[0]
        elif number == 2 and kind == LENGTH:
            name = next(
                (
                    text(inner)
                    for field, inner_kind, inner in fields(body)
                    if field == 2 and inner_kind == LENGTH
                ),
                "",
            )
    return key, name


def _stat(stat: memoryview) -> tuple[int, memoryview]:
    key, value = 0, memoryview(b"")
    for number, kind, body in fields(stat):
        if number == 1 and kind == VARINT:
            key = read_varint(body, 0)[0]
        elif number == 6 and kind == LENGTH:
            value = body
    return key, value


def _levels(options: memoryview) -> dict[str, int]:
    """Returns the levels by name; what a message leaves out is 0."""
    levels = dict.fromkeys(_LEVELS.values(), 0)
    for number, kind, body in fields(options):
        if number in _LEVELS and kind == VARINT:
            levels[_LEVELS[number]] = read_varint(body, 0)[0]
    return levels

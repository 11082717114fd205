"""Writes a trace as TensorFlow's XSpace, which TensorBoard's profile plugin opens.

The fields that are written, after
https://github.com/openxla/xla/blob/main/third_party/tsl/tsl/profiler/protobuf/xplane.proto ::

    XSpace  1 planes
    XPlane  2 name, 3 lines, 4 event_metadata, 5 stat_metadata (maps: 1 key, 2 value {1 id, 2 name})
    XLine   1 id, 2 name, 4 events
    XEvent  1 metadata_id, 2 offset_ps, 3 duration_ps, 4 stats
    XStat   1 metadata_id, 4 int64_value

The events named like the entry point become the steps. A step must have ``step_num`` and
``_r``, which makes it a root; a ``group_id`` of ours would make the steps vanish.
"""
from __future__ import annotations

from ..model.trace import Trace, TraceLine

_VARINT, _LENGTH = 0, 2
_STEP_NUM, _ROOT = 1, 2


def encode_xspace(trace: Trace, entry: str) -> bytes:
    """``trace`` as an XSpace with one plane; events named ``entry`` are numbered as steps.

    The steps are those of the line that has most of them, as the analysis takes them.
    """
    marker = trace.names.index(entry) if entry in trace.names else -1
    counts = [int((line.name == marker).sum()) for line in trace.lines]
    calling = counts.index(max(counts)) if any(counts) else -1
    parts = [_sized(2, b"/host:CPU")]
    for number, line in enumerate(trace.lines):
        parts.append(_sized(3, _line(number + 1, line, marker if number == calling else -1)))
    parts += [_metadata(4, number + 1, name) for number, name in enumerate(trace.names)]
    parts += [_metadata(5, _STEP_NUM, "step_num"), _metadata(5, _ROOT, "_r")]
    return _sized(1, b"".join(parts))


def _line(number: int, line: TraceLine, marker: int) -> bytes:
    """A line's content; its events with the name ``marker`` are steps."""
    parts = [_number(1, number), _sized(2, _utf8(line.thread))]
    step = 0
    for name, begin, end in zip(line.name.tolist(), line.begin.tolist(), line.end.tolist()):
        event = _number(1, name + 1) + _number(2, begin) + _number(3, end - begin)
        if name == marker:
            event += _stat(_STEP_NUM, step) + _stat(_ROOT, 1)
            step += 1
        parts.append(_sized(4, event))
    return b"".join(parts)


def _metadata(field: int, key: int, name: str) -> bytes:
    return _sized(field, _number(1, key) + _sized(2, _number(1, key) + _sized(2, _utf8(name))))


def _stat(key: int, value: int) -> bytes:
    return _sized(4, _number(1, key) + _number(4, value))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _VARINT) + _varint(value)


def _sized(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | _LENGTH) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """A number in the wire format, a negative one in two's complement of 64 bits.

    >>> _varint(300).hex()
    'ac02'
    """
    value &= (1 << 64) - 1
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")

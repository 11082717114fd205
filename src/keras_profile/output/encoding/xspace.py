"""Writes a trace as TensorFlow's XSpace, which TensorBoard's profile plugin opens.

The fields that are written, after
https://github.com/openxla/xla/blob/main/third_party/tsl/tsl/profiler/protobuf/xplane.proto ::

    XSpace  1 planes
    XPlane  2 name, 3 lines, 4 event_metadata, 5 stat_metadata (maps: 1 key, 2 value {1 id, 2 name})
    XLine   1 id, 2 name, 4 events
    XEvent  1 metadata_id, 2 offset_ps, 3 duration_ps, 4 stats
    XStat   1 metadata_id, 4 int64_value

Events that are calls of the entry point become the steps. A step must have ``step_num`` and ``_r``, which
makes it a root; with a ``group_id`` from us the steps would vanish.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...model.trace import Trace, TraceLine
from .protobuf import number, sized, utf8

_STEP_NUM, _ROOT = 1, 2


def encode_xspace(trace: Trace, entry: str) -> bytes:
    """``trace`` as an XSpace with one plane; calls of ``entry`` are numbered as steps."""
    steps = trace.steps(entry)
    parts = [sized(2, b"/host:CPU")]
    for row, line in enumerate(trace.lines):
        is_step = steps[1] if steps is not None and steps[0] is line else np.zeros(len(line.name), dtype=bool)
        parts.append(sized(3, _line(row + 1, line, is_step)))
    parts += [_metadata(4, row + 1, name) for row, name in enumerate(trace.names)]
    parts += [_metadata(5, _STEP_NUM, "step_num"), _metadata(5, _ROOT, "_r")]
    return sized(1, b"".join(parts))


def _line(id: int, line: TraceLine, is_step: npt.NDArray[np.bool_]) -> bytes:
    """A line's content; the events for which ``is_step`` is true are numbered."""
    parts = [number(1, id), sized(2, utf8(line.thread))]
    step = 0
    for name, begin, end, numbered in zip(
        line.name.tolist(), line.begin.tolist(), line.end.tolist(), is_step.tolist()
    ):
        event = number(1, name + 1) + number(2, begin) + number(3, end - begin)
        if numbered:
            event += _stat(_STEP_NUM, step) + _stat(_ROOT, 1)
            step += 1
        parts.append(sized(4, event))
    return b"".join(parts)


def _metadata(field: int, key: int, name: str) -> bytes:
    return sized(field, number(1, key) + sized(2, number(1, key) + sized(2, utf8(name))))


def _stat(key: int, value: int) -> bytes:
    return sized(4, number(1, key) + number(4, value))

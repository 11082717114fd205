"""Reads ``*.trace.json.gz``, what TensorFlow 2.2 and 2.3 write: Chrome's trace format.

https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
"""

from __future__ import annotations

import gzip
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from ...errors import RecordingError
from ...model.trace import Trace
from ..json_text import UNDECODABLE
from ..regular_files import read_regular
from .trace_events import Event, build_trace

#: The maximum size of an unpacked trace, in bytes.
_MOST_BYTES = 1 << 28


class _Event(msgspec.Struct):
    ph: str = ""
    name: str = ""
    pid: int = 0
    tid: int = 0
    ts: float = 0.0
    dur: float = 0.0
    args: dict[str, Any] = {}


class _File(msgspec.Struct):
    traceEvents: list[_Event]


def read_trace_json(path: Path) -> Trace:
    """Reads the complete events of the trace in ``path``. Raises :class:`RecordingError`."""
    try:
        with gzip.GzipFile(fileobj=BytesIO(read_regular(path))) as file:
            data = file.read(_MOST_BYTES)
            if file.read(1):
                raise ValueError(f"more than {_MOST_BYTES >> 20} MB")
        content = msgspec.json.decode(data, type=_File)
    except (OSError, EOFError, ValueError, zlib.error, *UNDECODABLE) as error:
        raise RecordingError(
            f"{path}: expected a trace of TensorFlow 2.2 as gzipped JSON, found something else ({error})",
            "the file may be cut short; record again",
        ) from error
    threads = {
        (event.pid, event.tid): str(event.args.get("name", ""))
        for event in content.traceEvents
        if event.ph == "M" and event.name == "thread_name"
    }
    events = [
        Event((event.pid, event.tid), event.name, _picoseconds(event.ts), _picoseconds(event.ts + event.dur))
        for event in content.traceEvents
        if event.ph == "X"
    ]
    return build_trace(str(path), threads, events)


def _picoseconds(microseconds: float) -> int:
    """Returns a time in ps. What is not a number or too large becomes -1, which no trace can have.

    >>> _picoseconds(1.5), _picoseconds(float("inf"))
    (1500000, -1)
    """
    return round(microseconds * 1e6) if 0 <= microseconds < 9.2e12 else -1

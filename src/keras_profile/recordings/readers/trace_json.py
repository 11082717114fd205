"""Reads traces that are JSON: Chrome's trace format, as TensorFlow 2.2 and 2.3 write it, gzipped.

https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU

Other programs write JSON too. What is none of TensorFlow's is named for what it is.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Collection
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET, Raw, UnsetType

from ...errors import RecordingError
from ...model.trace import BORNE, DeviceEvent, DevicePlane, Trace
from ..json_text import UNDECODABLE
from ..regular_files import read_regular
from .trace_events import Event, build_trace

#: The first bytes of a gzipped file.
GZIP_MAGIC = b"\x1f\x8b"
#: How the name of the process begins that has the host's threads, where processes have names.
_HOST = "/host:"
#: The maximum size of an unpacked trace, in bytes.
_MOST_BYTES = 1 << 28


class _Event(msgspec.Struct):
    ph: str = ""
    name: str = ""
    pid: int | str = 0
    tid: int | str = 0
    ts: float = 0.0
    dur: float = 0.0
    args: dict[str, Any] = {}


class _File(msgspec.Struct):
    """The keys by which files are told apart; those of a trace, and of what other programs write."""

    traceEvents: list[_Event] | UnsetType = UNSET
    deviceProperties: Raw | UnsetType = UNSET
    distributedInfo: Raw | UnsetType = UNSET
    trace_id: Raw | UnsetType = UNSET
    schema: str = msgspec.field(name="$schema", default="")
    frame_tree: Raw | UnsetType = UNSET
    root_frame: Raw | UnsetType = UNSET
    memoryProfilePerAllocator: Raw | UnsetType = UNSET


#: Keys that PyTorch's profiler writes beside the events.
_OF_KINETO = ("deviceProperties", "distributedInfo", "trace_id")
#: What a file without events is, by a key that it has; and what opens it.
_OTHERS = {
    "frame_tree": ("a session of pyinstrument", "open it with pyinstrument --load"),
    "root_frame": ("a profile of pyinstrument", "open it with pyinstrument or speedscope"),
    "memoryProfilePerAllocator": (
        "a memory profile of TensorFlow, which has no times",
        "open it in TensorBoard; give the *.xplane.pb beside it",
    ),
}


def read_trace_json(path: Path) -> Trace:
    """Reads the complete events of the host's threads in ``path``. Raises :class:`RecordingError`."""
    try:
        content = _decoded(_unpacked(read_regular(path)))
    except (OSError, EOFError, ValueError, zlib.error, *UNDECODABLE) as error:
        raise RecordingError(
            f"{path}: expected a trace of TensorFlow 2.2 as gzipped JSON, found something else ({error})",
            "the file may be cut short; record again",
        ) from error
    _refuse_others(path, content)
    assert content.traceEvents is not UNSET
    return _trace(path, content.traceEvents)


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(GZIP_MAGIC):
        return data
    with gzip.GzipFile(fileobj=BytesIO(data)) as file:
        unpacked = file.read(_MOST_BYTES)
        if file.read(1):
            raise ValueError(f"more than {_MOST_BYTES >> 20} MB")
    return unpacked


def _decoded(data: bytes) -> _File:
    """The content of a file; a list at its top is one of events."""
    if data[:64].lstrip()[:1] == b"[":
        return _File(traceEvents=msgspec.json.decode(data, type=list[_Event]))
    return msgspec.json.decode(data, type=_File)


def _refuse_others(path: Path, content: _File) -> None:
    """Raises :class:`RecordingError` for what another program wrote, which says what it is."""
    if any(getattr(content, key) is not UNSET for key in _OF_KINETO):
        raise RecordingError(
            f"{path}: expected a TensorFlow trace, found a trace of PyTorch (Kineto)",
            "open it in https://ui.perfetto.dev",
        )
    if content.traceEvents is not UNSET:
        return
    if "speedscope" in content.schema:
        raise RecordingError(
            f"{path}: expected a TensorFlow trace, found a profile of speedscope",
            "open it in https://www.speedscope.app",
        )
    for key, (what, advice) in _OTHERS.items():
        if getattr(content, key) is not UNSET:
            raise RecordingError(f"{path}: expected a TensorFlow trace, found {what}", advice)
    raise RecordingError(
        f"{path}: expected a TensorFlow trace, found JSON without trace events",
        "give the *.xplane.pb or *.trace.json.gz in the profiler's log folder",
    )


def _trace(path: Path, found: list[_Event]) -> Trace:
    processes = {
        event.pid: str(event.args.get("name", ""))
        for event in found
        if event.ph == "M" and event.name == "process_name"
    }
    hosts = {pid for pid, name in processes.items() if name.startswith(_HOST)}
    numbers: dict[str, int] = {}

    def number(name: int | str) -> int:
        return name if isinstance(name, int) else numbers.setdefault(name, -1 - len(numbers))

    def thread_of(event: _Event) -> tuple[int, int]:
        return number(event.pid), number(event.tid)

    threads = {
        thread_of(event): str(event.args.get("name", ""))
        for event in found
        if event.ph == "M" and event.name == "thread_name"
    }
    complete = [event for event in found if event.ph == "X"]

    def events_of(pids: Collection[int | str]) -> list[Event]:
        return [
            Event(thread_of(event), event.name, _picoseconds(event.ts), _picoseconds(event.ts + event.dur))
            for event in complete
            if event.pid in pids
        ]

    bearing = {key: {event.name.split("#", 1)[0] for event in complete if key in event.args} for key in BORNE}
    devices = []
    if hosts:
        for pid, name in sorted(processes.items(), key=lambda process: process[1]):
            if pid not in hosts:
                mine = build_trace(str(path), threads, events_of({pid}))
                devices.append(DevicePlane(name, [DeviceEvent(one) for one in mine.names], mine.lines))
    on_host = hosts or {event.pid for event in complete}
    return build_trace(str(path), threads, events_of(on_host), bearing, tuple(devices))


def _picoseconds(microseconds: float) -> int:
    """Returns a time in ps. What is not a number or too large becomes -1, which no trace can have.

    >>> _picoseconds(1.5), _picoseconds(float("inf"))
    (1500000, -1)
    """
    return round(microseconds * 1e6) if 0 <= microseconds < 9.2e12 else -1

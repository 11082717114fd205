"""A recording of this folder whose traces have a GPU: added by hand, aligned to the calls in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from keras_profile.analysis.attribution.native import traced_steps
from keras_profile.recordings.readers.wire import LENGTH, VARINT, fields, read_varint
from keras_profile.recordings.readers.xspace import read_xspace

from .device_traces import on_gpu

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class TracedCall:
    """When a call, and its run of the model, began and ended, in ns of its trace."""

    begin: int
    end: int
    run_begin: int
    run_end: int


#: A stream's events in a call: name, begin, end and stats.
Stream = Callable[[TracedCall], list[tuple]]


def with_gpu(to: Path, streams: dict[str, Stream], recording: str = "demo-keras-3.15") -> Path:
    """Copies a recording and gives each of its traces a GPU with these streams."""
    shutil.copytree(ROOT / "traces" / recording, to)
    for file in (to / "tensorflow").rglob("*.xplane.pb"):
        trace = read_xspace(file)
        (steps,) = traced_steps([trace], "predict")
        runs = [event for event in steps.calling if event.phase == "execution"]
        calls = []
        for begin, end in steps.windows:
            inside = [event for event in runs if begin <= event.begin < end]
            calls.append(
                TracedCall(*(ps // 1000 for ps in (begin, end, inside[0].begin, max(e.end for e in inside))))
            )
        lines = [
            (name, _start_ns(file.read_bytes()), *(event for call in calls for event in stream(call)))
            for name, stream in streams.items()
        ]
        with file.open("ab") as space:
            space.write(on_gpu(*lines).encoded())
    return to


def _start_ns(space: bytes) -> int:
    """When the first thread of the host starts: times of a trace that is read count from there."""
    starts = []
    for number, kind, plane in fields(memoryview(space)):
        if number != 1 or kind != LENGTH:
            continue
        if next((bytes(value) for key, _, value in fields(plane) if key == 2), b"") != b"/host:CPU":
            continue
        for key, line_kind, line in fields(plane):
            if key == 3 and line_kind == LENGTH and any(inner == 4 for inner, _, _ in fields(line)):
                starts += [
                    read_varint(value, 0)[0]
                    for inner, its, value in fields(line)
                    if inner == 3 and its == VARINT
                ]
    return min(starts)

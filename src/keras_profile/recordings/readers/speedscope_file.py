"""Reads profiles in speedscope's own format, sampled and evented: py-spy, pyinstrument and others write it.

https://github.com/jlfwong/speedscope/blob/main/src/lib/file-format-spec.ts

A file may have several profiles. Those of py-spy are threads. Those that this program exports are views of
the same calls, so only the one that speedscope shows first is read.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

import msgspec

from ...errors import RecordingError
from ...model.call_graph import Function
from ...model.foreign_profile import NANOSECONDS, SAMPLES, ForeignProfile
from ..json_text import UNDECODABLE, decode
from ..regular_files import read_regular
from .sampled_stacks import SampleRows

#: Nanoseconds in a unit of the format; ``none`` has no time, and ``bytes`` are memory.
_NS = {"seconds": 1e9, "milliseconds": 1e6, "microseconds": 1e3, "nanoseconds": 1.0}
_OWN = "keras_profile"
#: How far time may go back by rounding, in ns.
_BACK = 1000.0
#: pyinstrument writes a tree, in which calls of a line are one.
_MERGED = "pyinstrument"
_AGAIN = "record again, for longer"

_Unit = Literal["none", "seconds", "milliseconds", "microseconds", "nanoseconds", "bytes"]


class _Frame(msgspec.Struct):
    name: str
    file: str | None = None
    line: int | float | None = None


class _Event(msgspec.Struct):
    type: Literal["O", "C"]
    at: float
    frame: int


class _Profile(msgspec.Struct):
    type: Literal["sampled", "evented"]
    unit: _Unit = "none"
    samples: list[list[int]] = []
    weights: list[float] = []
    events: list[_Event] = []


class _Shared(msgspec.Struct):
    frames: list[_Frame]


class _File(msgspec.Struct):
    shared: _Shared
    profiles: list[_Profile]
    exporter: str | None = None
    activeProfileIndex: int | None = None


def read_speedscope(path: Path) -> ForeignProfile:
    """Reads the stacks of all threads in ``path``. Raises :class:`RecordingError`."""
    try:
        return _read(path, decode(read_regular(path), _File))
    except UNDECODABLE as error:
        raise RecordingError(
            f"{path}: expected a profile of speedscope, found something else ({error})",
            "the file may be cut short: copy it again, or record again",
        ) from error


def _read(path: Path, content: _File) -> ForeignProfile:
    exporter = content.exporter or ""
    profiles = content.profiles
    if exporter.startswith(_OWN):
        first = content.activeProfileIndex or 0
        profiles = profiles[first : first + 1] if first >= 0 else []
    profiles = [one for one in profiles if one.samples or one.events]
    if not profiles:
        raise RecordingError(f"{path}: expected a profile of speedscope, found one without samples", _AGAIN)
    units = {one.unit for one in profiles}
    if "bytes" in units:
        raise RecordingError(
            f"{path}: expected a profile of time, found one of memory",
            "open it in https://www.speedscope.app",
        )
    if len(units) > 1:
        raise msgspec.ValidationError(f"profiles in different units: {', '.join(sorted(units))}")
    (unit,) = units
    scale = _NS.get(unit, 1.0)
    rows = SampleRows(path)
    frames = [Function(one.file or "", _line(one.line), one.name) for one in content.shared.frames]
    for thread, profile in enumerate(profiles):
        if profile.type == "sampled":
            _add_samples(profile, frames, thread, scale, rows)
        else:
            _add_events(profile, frames, thread, scale, rows)
    return ForeignProfile(
        str(path),
        "speedscope",
        exporter or "a program that it does not name",
        samples=rows.finished(),
        unit=NANOSECONDS if unit in _NS else SAMPLES,
        threads=len(profiles),
        in_order=not exporter.startswith(_MERGED),
    )


def _add_samples(
    profile: _Profile, frames: list[Function], thread: int, scale: float, rows: SampleRows
) -> None:
    if len(profile.samples) != len(profile.weights):
        raise msgspec.ValidationError(
            f"{len(profile.samples):,} samples with {len(profile.weights):,} weights"
        )
    for stack, weight in zip(profile.samples, profile.weights):
        node = SampleRows.ROOT
        for frame in stack:
            node = rows.below(node, _known(frame, frames))
        rows.add(node, thread, _cost(weight, scale))


def _add_events(
    profile: _Profile, frames: list[Function], thread: int, scale: float, rows: SampleRows
) -> None:
    """Each event ends a stretch of time in which the stack was the same."""
    opened: list[tuple[int, int]] = [(SampleRows.ROOT, -1)]
    now = profile.events[0].at
    for event in profile.events:
        rows.add(opened[-1][0], thread, _cost(event.at - now, scale))
        now = event.at
        frame = _known(event.frame, frames)
        if event.type == "O":
            opened.append((rows.below(opened[-1][0], frame), event.frame))
        elif opened[-1][1] == event.frame:
            opened.pop()
        else:
            raise msgspec.ValidationError(f"an event that closes {frame.name!r}, which is not the last open")


def _known(number: int, frames: list[Function]) -> Function:
    if not 0 <= number < len(frames):
        raise msgspec.ValidationError(f"frame {number} of {len(frames):,}")
    return frames[number]


def _cost(value: float, scale: float) -> int:
    """A weight in ns, or as it is if it has no time."""
    if not math.isfinite(value) or not -_BACK <= value * scale <= SampleRows.MOST_COST:
        raise msgspec.ValidationError(f"a weight of {value}")
    return max(0, round(value * scale))


def _line(value: float | None) -> int:
    """A line as a number that fits; 0 if there is none."""
    return int(value) if value is not None and 0 <= value < 1 << 31 else 0

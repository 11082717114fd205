"""Reads ``spans.npz``: the probes' events, paired into nested spans."""

from __future__ import annotations

import lzma
import tokenize
import zipfile
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from ...errors import RecordingError
from ...model.arrays import Ints
from ...model.timeline import COLLECTION, ROOT, Timeline
from ...recorder.protocol import CALL_BEGIN, CALL_END, GC_BEGIN, GC_END, RESUMED
from ..regular_files import open_regular

Bools = npt.NDArray[np.bool_]

#: The maximum number of events of a recording: more are an error, or an attack.
_MOST_EVENTS = 1 << 23
#: The maximum size of a column's header, in bytes.
_MOST_HEADER = 10_000
#: No clock has later times.
_MOST_NS = 1 << 62

#: What zipfile and numpy raise for data that are not an archive of arrays.
_UNREADABLE = (
    OSError,
    EOFError,
    KeyError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    ValueError,
    lzma.LZMAError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


def read_spans(path: Path) -> Timeline:
    """Reads the timeline in ``path``. Raises :class:`RecordingError` if it is no such file."""
    try:
        with open_regular(path) as opened, zipfile.ZipFile(opened) as archive:
            codes, times = _read_column(archive, "codes"), _read_column(archive, "times")
    except _UNREADABLE as error:
        raise RecordingError(
            f"{path}: expected the spans of a recording, found something else ({error})",
            "record again with: keras-profile profile TARGET",
        ) from error
    if len(codes) != len(times):
        raise RecordingError(f"{path}: its codes and times do not match")
    return pair_events(codes, times)


def _read_column(archive: zipfile.ZipFile, name: str) -> Ints:
    """Reads a column. Its size is known and checked before memory is taken for it."""
    with archive.open(f"{name}.npy") as member:
        shape, _, kind = _read_header(member)
        if len(shape) != 1 or kind.kind != "i":
            raise ValueError(f"{name} is not a column of whole numbers")
        if not 0 <= shape[0] <= _MOST_EVENTS:
            raise ValueError(f"{name} has {shape[0]:,} numbers")
        data = member.read(shape[0] * kind.itemsize)
    return np.frombuffer(data, dtype=kind, count=shape[0]).astype(np.int64)


def _read_header(member: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
    version = npy.read_magic(member)
    read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(version)
    if read is None:
        raise ValueError(f"a column of version {version}")
    found: tuple[tuple[int, ...], bool, np.dtype[np.generic]] = read(member, max_header_size=_MOST_HEADER)
    return found


def pair_events(codes: Ints, times: Ints) -> Timeline:
    """Pairs entries and exits into a :class:`Timeline`.

    ``codes`` are the events of :mod:`keras_profile.recorder.protocol`. Events outside
    calls are left out, and so are those of a call without an end. A call within a call
    is part of the outer one. Exits without an entry (a generator that was thrown into)
    and entries without an exit are left out and counted, and so are calls in which times
    do not rise.

    >>> line = pair_events(np.array([CALL_BEGIN, 7, -8, CALL_END]), np.array([0, 10, 30, 40]))
    >>> line.internal.tolist(), line.begin.tolist(), line.end.tolist(), line.parent.tolist()
    ([-1, 7], [0, 10], [40, 30], [-1, 0])
    """
    is_entry, keys, resumed = _keys(codes)
    fits, repaired = _fitting(is_entry, keys)
    is_entry, keys, times, resumed = is_entry[fits], keys[fits], times[fits], resumed[fits]
    # In a sequence that nests, the entry at some depth is closed by the next exit at
    # that depth: sorted by depth, entries and exits alternate.
    depth = np.cumsum(np.where(is_entry, 1, -1))
    depth = np.where(is_entry, depth - 1, depth)
    order = np.argsort(depth, kind="stable")
    entries, exits = order[0::2], order[1::2]
    back = np.argsort(entries, kind="stable")
    entries, exits = entries[back], exits[back]
    depth = depth[entries]
    internal = keys[entries]
    call = np.cumsum(internal == ROOT) - 1
    paired = Timeline(
        call=call,
        internal=internal,
        parent=_parents(depth),
        depth=depth,
        resumed=resumed[entries],
        begin=times[entries],
        end=times[exits],
        repaired=repaired,
    )
    return _without_damaged(paired, _damaged_calls(is_entry, keys, times))


def _damaged_calls(is_entry: Bools, keys: Ints, times: Ints) -> Ints:
    """Returns the numbers of those calls of these events in which times are invalid or do not rise."""
    call = np.cumsum(is_entry & (keys == ROOT)) - 1
    falls = np.zeros(len(times), dtype=bool)
    falls[1:] = (times[1:] < times[:-1]) & (call[1:] == call[:-1])
    falls |= (times < 0) | (times > _MOST_NS)
    return np.unique(call[falls])


def _without_damaged(timeline: Timeline, damaged: Ints) -> Timeline:
    if not len(damaged):
        return timeline
    chosen = np.ones(timeline.calls, dtype=bool)
    chosen[damaged] = False
    return replace(timeline.select(chosen), damaged=len(damaged))


def _keys(codes: Ints) -> tuple[Bools, Ints, Bools]:
    """Returns whether each event is an entry, what it enters or leaves, and whether it resumes."""
    is_entry = (codes >= 0) & (codes != CALL_END) & (codes != GC_END)
    keys = np.where(codes >= 0, codes, -1 - codes)
    resumed = (codes >= RESUMED) & (codes < CALL_BEGIN)
    keys = np.where(resumed, codes - RESUMED, keys)
    keys = np.where((codes == CALL_BEGIN) | (codes == CALL_END), ROOT, keys)
    keys = np.where((codes == GC_BEGIN) | (codes == GC_END), COLLECTION, keys)
    return is_entry, keys, resumed


def _fitting(is_entry: Bools, keys: Ints) -> tuple[Ints, int]:
    """Returns the numbers of the events that nest within calls, and how many do not."""
    keep = [False] * len(keys)
    stack: list[int] = []
    open_keys: list[int] = []
    open_count: Counter[int] = Counter()
    repaired = 0
    for number, (enters, key) in enumerate(zip(is_entry.tolist(), keys.tolist())):
        if enters:
            if stack or key == ROOT:
                stack.append(number)
                open_keys.append(key)
                open_count[key] += 1
        elif stack:
            if open_keys[-1] != key:
                repaired += 1
                if not open_count[key]:
                    continue
                while open_keys[-1] != key:  # entries above it were never closed
                    stack.pop()
                    open_count[open_keys.pop()] -= 1
            entry = stack.pop()
            open_count[open_keys.pop()] -= 1
            if key != ROOT or not stack:  # only the outermost call counts
                keep[entry] = keep[number] = True
    if stack:  # the last call has no end
        del keep[stack[0] :]
    return np.flatnonzero(keep), repaired


def _parents(depth: Ints) -> Ints:
    """Returns the row of each span's parent: the last one before it that is one level up."""
    rows = np.arange(len(depth), dtype=np.int64)
    # Sorted by level and row, a span's parent comes right before the span's own place one level up.
    order = np.argsort(depth, kind="stable")
    places = depth[order] * (len(depth) + 1) + order
    parent = order[np.searchsorted(places, (depth - 1) * (len(depth) + 1) + rows) - 1]
    return np.where(depth > 0, parent, -1)

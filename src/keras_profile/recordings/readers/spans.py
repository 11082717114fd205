"""Reads ``spans.npz``: the probes' events, paired into nested spans."""

from __future__ import annotations

import io
import tokenize
import zipfile
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
from numpy.lib.format import read_array

from ...errors import RecordingError
from ...model.arrays import Ints
from ...model.timeline import COLLECTION, ROOT, Timeline
from ...recorder.protocol import CALL_BEGIN, CALL_END, GC_BEGIN, GC_END, RESUMED

Bools = npt.NDArray[np.bool_]

#: What zipfile and numpy raise for what is no archive of arrays.
_UNREADABLE = (
    OSError,
    EOFError,
    KeyError,
    RuntimeError,
    ValueError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


def read_spans(path: Path) -> Timeline:
    """The timeline in ``path``. Raises :class:`RecordingError` where it is no such file."""
    try:
        with zipfile.ZipFile(path) as file:
            codes, times = _read_column(file, "codes"), _read_column(file, "times")
    except _UNREADABLE as error:
        raise RecordingError(
            f"{path}: expected the spans of a recording, found something else ({error})",
            "record again with: keras-profile profile TARGET",
        ) from error
    if len(codes) != len(times):
        raise RecordingError(f"{path}: codes and times do not belong together")
    return pair_events(codes, times)


def _read_column(file: zipfile.ZipFile, name: str) -> Ints:
    column = read_array(io.BytesIO(file.read(f"{name}.npy")), allow_pickle=False)
    if column.ndim != 1 or column.dtype.kind != "i":
        raise ValueError(f"{name} is no column of whole numbers")
    return column.astype(np.int64)


def pair_events(codes: Ints, times: Ints) -> Timeline:
    """Pairs entries and exits into a :class:`Timeline`.

    ``codes`` are the events of :mod:`keras_profile.recorder.protocol`. Events
    outside calls are left out, and so are those of a call without end; a call within a
    call is part of the outer one. Exits that fit no entry (a generator that was thrown
    into) and entries that no exit closes are left out and counted.

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
    return Timeline(
        call=call,
        internal=internal,
        parent=_parents(depth),
        depth=depth,
        resumed=resumed[entries],
        begin=times[entries],
        end=times[exits],
        repaired=repaired,
    )


def _keys(codes: Ints) -> tuple[Bools, Ints, Bools]:
    """Whether each event is an entry, what it enters or leaves, and whether it resumes."""
    is_entry = (codes >= 0) & (codes != CALL_END) & (codes != GC_END)
    keys = np.where(codes >= 0, codes, -1 - codes)
    resumed = (codes >= RESUMED) & (codes < CALL_BEGIN)
    keys = np.where(resumed, codes - RESUMED, keys)
    keys = np.where((codes == CALL_BEGIN) | (codes == CALL_END), ROOT, keys)
    keys = np.where((codes == GC_BEGIN) | (codes == GC_END), COLLECTION, keys)
    return is_entry, keys, resumed


def _fitting(is_entry: Bools, keys: Ints) -> tuple[Ints, int]:
    """The numbers of the events that nest within calls, and how many do not."""
    keep = [False] * len(keys)
    stack: list[int] = []
    open_keys: list[int] = []
    repaired = 0
    for number, (enters, key) in enumerate(zip(is_entry.tolist(), keys.tolist())):
        if enters:
            if stack or key == ROOT:
                stack.append(number)
                open_keys.append(key)
        elif stack:
            if open_keys[-1] != key:
                repaired += 1
                if key not in open_keys:
                    continue
                while open_keys[-1] != key:  # what lies above was never closed
                    stack.pop()
                    open_keys.pop()
            entry = stack.pop()
            open_keys.pop()
            if key != ROOT or not stack:  # only the outermost call is one
                keep[entry] = keep[number] = True
    if stack:  # the last call has no end
        del keep[stack[0] :]
    return np.flatnonzero(keep), repaired


def _parents(depth: Ints) -> Ints:
    """The row of each span's parent: the last one before it that is one level up."""
    parent = np.full(len(depth), -1, dtype=np.int64)
    above = np.flatnonzero(depth == 0)
    for level in range(1, int(depth.max(initial=0)) + 1):
        here = np.flatnonzero(depth == level)
        parent[here] = above[np.searchsorted(above, here) - 1]
        above = here
    return parent

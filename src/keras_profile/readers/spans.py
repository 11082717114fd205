"""Reads ``spans.npz``: the probes' events, paired into nested spans."""
from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import RecordingError
from ..model.timeline import COLLECTION, ROOT, Timeline
from ..recorder.protocol import CALL_BEGIN, CALL_END, GC_BEGIN, GC_END, RESUMED

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def read_spans(path: Path) -> Timeline:
    """The timeline in ``path``. Raises :class:`RecordingError` where it is no such file."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            codes, times = arrays["codes"], arrays["times"]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise RecordingError(
            f"{path}: expected the spans of a recording, found something else ({error})",
            "record again with: keras-profile run TARGET",
        ) from error
    if codes.shape != times.shape or codes.ndim != 1 or codes.dtype.kind != "i":
        raise RecordingError(f"{path}: codes and times do not belong together")
    return pair_events(codes.astype(np.int64), times.astype(np.int64))


def pair_events(codes: Ints, times: Ints) -> Timeline:
    """Pairs entries and exits into a :class:`Timeline`.

    ``codes`` are the events of :mod:`keras_profile.recorder.protocol`. Events
    outside calls are left out; exits that fit no entry (a generator that was thrown
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
        call=call, internal=internal, parent=_parents(depth), depth=depth,
        resumed=resumed[entries], begin=times[entries], end=times[exits], repaired=repaired,
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
    keep = np.ones(len(keys), dtype=bool)
    stack: list[int] = []
    open_keys: list[int] = []
    repaired = 0
    for number, (enters, key) in enumerate(zip(is_entry.tolist(), keys.tolist())):
        if enters:
            if not stack and key != ROOT:
                keep[number] = False
                continue
            stack.append(number)
            open_keys.append(key)
        elif open_keys and open_keys[-1] == key:
            stack.pop()
            open_keys.pop()
        else:
            keep[number] = False
            if not stack:
                continue
            repaired += 1
            if key in open_keys:  # what lies above was never closed
                keep[number] = True
                while open_keys[-1] != key:
                    keep[stack.pop()] = False
                    open_keys.pop()
                stack.pop()
                open_keys.pop()
    for number in stack:
        keep[number] = False
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

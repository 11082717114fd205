"""Reads ``spans.bin``: the events of the calls under spans, one block per call."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...model.arrays import Ints
from ...recorder.protocol import CALL_BEGIN, CALL_END
from ..regular_files import is_there, read_regular

#: What a block begins with, after the number of its events.
_FIRST = struct.pack("<q", CALL_BEGIN)
_WORD = 8


@dataclass(frozen=True)
class Blocks:
    """Codes and times of each call, and how many bytes are in no block, except a truncated last one."""

    blocks: list[tuple[Ints, Ints]]
    lost_bytes: int


def read_blocks(path: Path) -> Blocks:
    """Reads the blocks in ``path``; none if there is no such file. Raises :class:`RecordingError`."""
    if not is_there(path):
        return Blocks([], 0)
    data = read_regular(path)
    found, lost, place = [], 0, 0
    while place < len(data):
        count = _count_at(data, place)
        if count is not None:
            block = _block_at(data, place, count)
            after = place + _WORD * (1 + 2 * count)
            if block is None:
                lost += after - place
            else:
                found.append(block)
            place = after
            continue
        # After a damaged block, the next one begins at its mark.
        mark = data.find(_FIRST, place + _WORD + 1)
        while mark >= 0 and _count_at(data, mark - _WORD) is None:
            mark = data.find(_FIRST, mark + 1)
        if mark < 0:
            is_cut_off = (
                data[place + _WORD : place + 2 * _WORD] == _FIRST[: max(len(data) - place - _WORD, 0)]
            )
            lost += 0 if is_cut_off else len(data) - place
            break
        lost += mark - _WORD - place
        place = mark - _WORD
    return Blocks(found, lost)


def _count_at(data: bytes, place: int) -> int | None:
    """Returns the number of events of the block at ``place``; None if no complete block begins there."""
    if place < 0 or place + 2 * _WORD > len(data):
        return None
    count = int.from_bytes(data[place : place + _WORD], "little", signed=True)
    last = place + _WORD * count
    if not 2 <= count <= len(data) // (2 * _WORD) or place + _WORD * (1 + 2 * count) > len(data):
        return None
    is_whole = (
        data[place + _WORD : place + 2 * _WORD] == _FIRST
        and int.from_bytes(data[last : last + _WORD], "little") == CALL_END
    )
    return count if is_whole else None


def _block_at(data: bytes, place: int, count: int) -> tuple[Ints, Ints] | None:
    """Returns the codes and times of a block; None if the times do not rise."""
    codes, times = np.frombuffer(data, dtype="<i8", count=2 * count, offset=place + _WORD).reshape(2, count)
    if times[0] < 0 or (times[1:] < times[:-1]).any():
        return None
    return codes.astype(np.int64), times.astype(np.int64)


def columns(blocks: Iterable[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """Returns all blocks as one column of codes and one of times."""
    codes, times = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for some_codes, some_times in blocks:
        codes.append(some_codes)
        times.append(some_times)
    return np.concatenate(codes), np.concatenate(times)

"""What the stats of a trace's events tell beside their names: launches, and memory of devices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ...model.trace import Correlated, MemoryInUse
from .wire import LENGTH, VARINT, fields, next_field, read_varint, signed, text

#: What ties a kernel or copy to its launch on the host.
CORRELATION = "correlation_id"
#: What tells how much of a device's memory is in use, in events of the host: by which allocator, how much.
_ALLOCATOR, _IN_USE = "allocator_name", "bytes_allocated"
#: The stats of the host's events that tell of launches and memory.
TELLS = (CORRELATION, _ALLOCATOR, _IN_USE)
#: How a stat begins in an event, and the first length that takes more than one byte.
_STAT_TAG, _ONE_BYTE = (4 << 3) | LENGTH, 0x80
#: No more bytes than an array holds.
MOST_BYTES = (1 << 63) - 1
#: What is around the number of a GPU in the name of its allocator, such as GPU_0_bfc.
_GPU = re.compile(r"^GPU_|_bfc$")


class Told(NamedTuple):
    """What an event tells beside its name: which launch it belongs to, how much memory is in use after it.

    Of these, what it does not tell is 0 or empty. ``begin`` is in ps from the start of its line.
    """

    begin: int
    correlation: int
    allocator: str
    in_use: int


def told_by(values: Mapping[str, str | int], begin: int) -> Told | None:
    """What these stats of an event tell that begins then, None if they tell nothing of launches or memory."""
    correlation, in_use = values.get(CORRELATION, 0), values.get(_IN_USE, 0)
    allocator = values.get(_ALLOCATOR, "")
    if not (isinstance(correlation, int) and isinstance(in_use, int) and isinstance(allocator, str)):
        return None
    if not correlation and not allocator:
        return None
    return Told(begin, correlation, allocator, min(in_use, MOST_BYTES))


def correlated(told: Sequence[Told]) -> Correlated:
    """Returns the events that have a correlation id, in the order of these; of one id, the first."""
    known = [one for one in told if one.correlation]
    ids = np.array([min(one.correlation, MOST_BYTES) for one in known], dtype=np.int64)
    ids, first = np.unique(ids, return_index=True)
    return Correlated(ids, np.array([one.begin for one in known], dtype=np.int64)[first])


def memory_of(device: str, told: Sequence[Told]) -> MemoryInUse:
    """Returns how much of a device's memory is in use over time, by the events of its allocator."""
    number = device.rpartition(":")[2]
    mine = sorted(
        (one.begin, one.in_use) for one in told if one.allocator and _GPU.sub("", one.allocator) == number
    )
    begin, in_use = np.array(mine, dtype=np.int64).reshape(-1, 2).T
    return MemoryInUse(begin, in_use)


class StatReader:
    """Reads the ``wanted`` stats of events: whole numbers, texts, and references to ``texts``.

    Stats that come again, such as an op's name, are read once.
    """

    def __init__(self, wanted: Mapping[int, str], texts: Mapping[int, str]) -> None:
        self._wanted = wanted
        self._texts = texts
        self._known: dict[bytes, tuple[str, str | int] | None] = {}

    def values(self, event: bytes) -> dict[str, str | int]:
        """Returns the stats of an event, which begins at its tag and was checked before."""
        found: dict[str, str | int] = {}
        _, position = read_varint(event, 1)
        while position < len(event):
            if event[position] == _STAT_TAG and event[position + 1] < _ONE_BYTE:
                begin = position + 2
                position = begin + event[position + 1]
                stat = event[begin:position]
            else:
                number, kind, content, position = next_field(memoryview(event), position)
                if number != _STAT_TAG >> 3 or kind != LENGTH:
                    continue
                stat = bytes(content)
            one = self._of(stat)
            if one is not None:
                found[one[0]] = one[1]
        return found

    def _of(self, stat: bytes) -> tuple[str, str | int] | None:
        """Returns the name and the value of a stat; None if it is not wanted or has none."""
        if stat in self._known:
            return self._known[stat]
        key: int = -1
        value: str | int | None = None
        is_number = False
        for number, kind, content in fields(memoryview(stat)):
            if number == 1 and kind == VARINT:
                key = signed(read_varint(content, 0)[0])
            elif key not in self._wanted:
                break
            elif number in (3, 4) and kind == VARINT:
                value, is_number = read_varint(content, 0)[0], True
            elif number == 5 and kind == LENGTH:
                value = text(content)
            elif number == 7 and kind == VARINT:
                value = self._texts.get(read_varint(content, 0)[0])
        found = None if value is None or key not in self._wanted else (self._wanted[key], value)
        if not is_number:  # each correlation id comes once
            self._known[stat] = found
        return found

"""Finds where the events of a trace's line begin, and the numbers that they start with.

Each event says how long it is, so where one begins is known only after the one before.
Long runs of events are followed from many places at once, with one numpy step for all of
them. Each place is a guess: followed for some steps from anywhere, a chain of lengths
almost always joins the true one. No guess is trusted: it counts only if the chain before
it, which begins at a known event, leads to it exactly. What a guess missed is walked one
event per step.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from ...model.arrays import Ints
from .wire import FIXED32, FIXED64, LENGTH, VARINT, Malformed, read_varint

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]

EVENT_TAG = (4 << 3) | LENGTH
#: A shorter run is walked one event per step.
LEAST_BYTES = 1 << 15
#: The most and the fewest bytes from one guess to the next: short runs have them closer together.
_STRIDES = (1 << 11, 1 << 9)
#: The steps that a guess gets to join the true chain.
_SETTLING = 20
#: How many events are decoded together: their columns stay in the processor's cache.
BLOCK = 1 << 15
#: An event's first three fields are read in words of 8 bytes, which may reach beyond it.
_MARGIN = 64
_KNOWN_KINDS = np.isin(np.arange(8), (VARINT, FIXED64, LENGTH, FIXED32))


def run_of_events(raw: Bytes, begin: int, limit: int) -> Ints:
    """Returns where the events from ``begin`` on begin, and finally where the run of them ends.

    It ends at the first other field, or at the first event that begins at ``limit`` or
    later. ``raw`` is the line. Raises :class:`Malformed` if an event is too long.
    """
    limit = min(limit, len(raw))
    safe = min(limit, len(raw) - _MARGIN)  # beyond this, lengths are read with care
    if safe - begin < LEAST_BYTES:
        return _walk(raw, begin, limit)
    places, landings, bounds = _follow(raw, begin, safe)
    return _joined(raw, places, landings, bounds, limit)


def _walk(raw: Bytes, begin: int, limit: int) -> Ints:
    """Does the same, one event per step."""
    body = raw.data
    found = [begin]
    position = begin
    while position < limit and body[position] == EVENT_TAG:
        position = _next(body, position)
        found.append(position)
    return np.array(found, dtype=np.int64)


def _next(body: memoryview, position: int) -> int:
    """Returns where the event at ``position`` ends."""
    length, begin = read_varint(body, position + 1)
    if begin + length > len(body):
        raise Malformed("an event is longer than its line")
    return begin + length


def _follow(raw: Bytes, begin: int, limit: int) -> tuple[Ints, Ints, Ints]:
    """Follows chains of lengths from guesses, each up to the next guess.

    Returns all places of all chains in order; where each chain left its part or could not
    continue; and where each began. The first one begins at ``begin``, and is not a guess.
    """
    stride = max(_STRIDES[1], min(_STRIDES[0], (limit - begin) >> 11))
    guesses = np.arange(begin + stride, limit, stride, dtype=np.int64)
    for _ in range(_SETTLING):
        there, after = _hop(raw, guesses, limit)
        guesses = np.where(there, after, guesses + 1)
        np.minimum(guesses, limit, out=guesses)
    starts = np.unique(np.append(begin, guesses[guesses < limit]))
    ends = np.append(starts[1:], limit)
    landings = starts.copy()
    chains, at = np.arange(len(starts)), starts
    places = []
    while len(chains):
        there, after = _hop(raw, at, len(raw))
        if not there.all():
            chains, at, after = chains[there], at[there], after[there]
        places.append(at)
        landings[chains] = after
        going = after < ends[chains]
        chains, at = (chains, after) if going.all() else (chains[going], after[going])
    return np.sort(np.concatenate(places)) if places else starts[:0], landings, starts


def _hop(raw: Bytes, at: Ints, limit: int) -> tuple[npt.NDArray[np.bool_], Ints]:
    """Returns whether an event of ordinary length begins at each place, and where it ends.

    The places are some bytes before the end of ``raw``.
    """
    low = raw[at + 1].astype(np.int64)
    after = at + 2 + low
    there = raw[at] == EVENT_TAG
    long = np.flatnonzero(low >= 0x80)
    if len(long):
        high = raw[at[long] + 2].astype(np.int64)
        after[long] += 1 - 0x80 + (high << 7)
        there[long] &= high < 0x80
    return there & (after <= limit), after


def _joined(raw: Bytes, places: Ints, landings: Ints, bounds: Ints, limit: int) -> Ints:
    """Returns the one true chain among those that were followed."""
    body = raw.data
    first = np.searchsorted(places, bounds)  # the first place of each chain
    last = np.append(first[1:], len(places))
    wrong = np.flatnonzero(landings[:-1] != bounds[1:])
    parts: list[Ints] = []
    chain, begin = 0, 0
    while True:
        at = int(np.searchsorted(wrong, chain))
        chain = int(wrong[at]) if at < len(wrong) else len(bounds) - 1
        parts.append(places[begin : last[chain]])
        position = int(landings[chain])
        # The next guess was missed, or an event cannot be followed quickly.
        missed: list[int] = []
        begin = int(np.searchsorted(places, position))
        while (
            position < limit
            and body[position] == EVENT_TAG
            and (begin == len(places) or places[begin] != position)
        ):
            missed.append(position)
            position = _next(body, position)
            while begin < len(places) and places[begin] < position:
                begin += 1
        parts.append(np.array(missed, dtype=np.int64))
        if begin == len(places) or places[begin] != position:
            return np.append(np.concatenate(parts), position)
        chain = int(np.searchsorted(first, begin, side="right")) - 1


# --- what an event starts with ---


def decode_events(raw: Bytes, begins: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Returns metadata_id, offset_ps and duration_ps of the events of a run, and where their stats begin.

    ``begins`` is the result of :func:`run_of_events`. All fields of each event are checked. Of an event
    that has other fields than these three and short stats after them, the last is -1.
    """
    columns = np.empty((4, len(begins) - 1), dtype=np.int64)
    for first in range(0, columns.shape[1], BLOCK):
        part = slice(first, first + BLOCK)
        columns[:, part] = _decode_block(raw, begins[first : first + BLOCK + 1])
    return columns[0], columns[1], columns[2], columns[3]


def _decode_block(raw: Bytes, begins: Ints) -> Ints:
    cursor, ends = _bodies(raw, begins)
    exact = np.flatnonzero(ends > len(raw) - _MARGIN)
    columns = np.zeros((4, len(cursor)), dtype=np.int64)
    odd = np.zeros(len(cursor), dtype=bool)
    odd[exact] = True
    if len(exact) < len(cursor):
        # Every 8 bytes of the line as a number, whose first byte is the lowest.
        words: Words = np.ndarray((len(raw) - 7,), dtype="<u8", buffer=raw, strides=(1,))
        at = np.minimum(cursor, len(raw) - _MARGIN)
        for number in range(3):
            columns[number], at = _field(words, at, np.uint64((number + 1) << 3 | VARINT), odd)
        odd |= at > ends
        columns[3] = at
        for _ in stats_of_events(raw, np.where(odd, ends, at), ends, odd):
            pass
        exact = np.flatnonzero(odd)
    if len(exact):
        columns[:3, exact] = _decode_exactly(raw, cursor[exact], ends[exact])
        columns[3, exact] = -1
    return columns


def _bodies(raw: Bytes, begins: Ints) -> tuple[Ints, Ints]:
    """Returns where the content of each event begins and ends."""
    cursor, ends = begins[:-1] + 2, begins[1:]
    long = np.flatnonzero(raw[begins[:-1] + 1] >= 0x80)
    while len(long):
        further = raw[cursor[long]] >= 0x80
        cursor[long] += 1
        long = long[further]
    return cursor, ends


#: The highest bit of each of the 7 bytes after a tag; it is 0 in a number's last byte.
_HIGHEST = np.uint64(0x0080808080808080)
_SHIFTS = tuple(np.uint64(shift) for shift in (1, 2, 4))
_LOW = tuple(np.uint64(mask) for mask in (0x007F007F007F007F, 0x00003FFF00003FFF, 0x000000000FFFFFFF))
_HIGH = tuple(np.uint64(mask) for mask in (0x7F007F007F007F00, 0x3FFF00003FFF0000, 0x0FFFFFFF00000000))
#: Times a power of 256, its highest byte is the power's exponent and 2.
_LENGTHS = np.uint64(0x0203040506070809)


def _field(
    words: Words,
    at: Ints,
    tag: np.uint64,
    odd: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[Any], Ints]:
    """Returns the number with ``tag`` at each place, 0 for another field, and what follows it.

    Marks in ``odd`` where a number is too long to be read in this way.
    """
    word = words[at]
    there = (word & np.uint64(0xFF)) == tag
    word >>= np.uint64(8)
    stops = ~word & _HIGHEST
    longer = there & (stops == 0)
    if longer.any():
        # A number of eight bytes, the last of which is after this word.
        behind = words[at[longer] + 1]
        number, size = _eight_bytes(behind)
        odd[longer] |= size == 0
    stop = stops & (~stops + np.uint64(1))
    word &= (stop - np.uint64(1)) & np.uint64(0x7F7F7F7F7F7F7F7F)
    for shift, low, high in zip(_SHIFTS, _LOW, _HIGH):
        word = (word & low) | ((word & high) >> shift)
    length = ((stop >> np.uint64(7)) * _LENGTHS) >> np.uint64(56)
    value = np.where(there, word, np.uint64(0)).astype(np.int64)
    after = at + np.where(there, length, np.uint64(0)).astype(np.int64)
    if longer.any():
        value[longer], after[longer] = number, at[longer] + 1 + size
    return value, after


def _eight_bytes(word: Words) -> tuple[Ints, Ints]:
    """Returns numbers of up to 8 bytes and their sizes; the size is 0 if there are more bytes."""
    ends = (word >> np.uint64(63)) == 0
    value = np.zeros(len(word), dtype=np.uint64)
    for byte in range(8):
        value |= ((word >> np.uint64(8 * byte)) & np.uint64(0x7F)) << np.uint64(7 * byte)
    return value.astype(np.int64), np.where(ends, 8, 0)


def stats_of_events(
    raw: Bytes, cursor: Ints, ends: Ints, odd: npt.NDArray[np.bool_]
) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Yields the first stat of the events, the second, and so on: numbers of events, and begins and ends.

    The fields of each event from ``cursor`` on are to be short stats. Events of which they are not are
    marked in ``odd``. A stat begins with its tag and the byte of its length.
    """
    left = np.flatnonzero(cursor < ends)
    at, end = cursor[left], ends[left]
    while len(left):
        after = at + 2 + raw[at + 1]
        stat = (raw[at] == EVENT_TAG) & (raw[at + 1] < 0x80) & (after <= end)
        if not stat.all():
            odd[left[~stat]] = True
            left, at, end, after = left[stat], at[stat], end[stat], after[stat]
        yield left, at, after
        going = after < end
        left, at, end = left[going], after[going], end[going]


def _decode_exactly(raw: Bytes, cursor: Ints, ends: Ints) -> Ints:
    """Returns the three numbers of events between cursor and end, whatever fields they have."""
    columns = np.zeros((4, len(cursor)), dtype=np.int64)
    active = np.flatnonzero(cursor < ends)
    cursor = cursor.copy()
    while len(active):
        tag, cursor[active] = varints(raw, cursor[active], ends[active])
        kind, field = tag & 7, tag >> 3
        varint = active[kind == VARINT]
        if len(varint):
            value, cursor[varint] = varints(raw, cursor[varint], ends[varint])
            which = field[kind == VARINT]
            for number in (1, 2, 3):
                columns[number, varint[which == number]] = value[which == number]
        sized = active[kind == LENGTH]
        if len(sized):
            length, after = varints(raw, cursor[sized], ends[sized])
            if ((length < 0) | (length > ends[sized] - after)).any():
                raise Malformed("a field is longer than its event")
            cursor[sized] = after + length
        cursor[active[kind == FIXED64]] += 8
        cursor[active[kind == FIXED32]] += 4
        if not _KNOWN_KINDS[kind].all():
            raise Malformed("an event has a field of an unknown kind")
        if (cursor[active] > ends[active]).any():
            raise Malformed("a field is longer than its event")
        active = active[cursor[active] < ends[active]]
    return columns[1:]


def varints(raw: Bytes, cursor: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Returns the varints that begin at ``cursor``, and where each ends."""
    value = np.zeros(len(cursor), dtype=np.int64)
    cursor = cursor.copy()
    going = np.arange(len(cursor))
    for shift in range(0, 70, 7):
        if (cursor[going] >= ends[going]).any():
            raise Malformed("a number runs past its field")
        byte = raw[cursor[going]].astype(np.int64)
        value[going] |= (byte & 0x7F) << shift if shift < 63 else (byte & 1) << 63
        cursor[going] += 1
        going = going[byte >= 0x80]
        if not len(going):
            return value, cursor
    raise Malformed("a number has more than ten bytes")

"""What the stats of a device's events tell: the op of each, how many bytes it copies, and its launch.

A device can have millions of events, of few names and ops. So the stats of many events are read together,
one numpy step for the next stat of each. Events whose stats are unusual are read one by one, up to a limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from ...model.arrays import Flags, Ints
from .event_stats import CORRELATION, MOST_BYTES, StatReader
from .framing import BLOCK, Bytes, stats_of_events, varints
from .wire import LENGTH, VARINT

#: The stats that have the op: of JAX, of TensorFlow; and of copies.
OPS, COPY = ("name", "tf_op"), "memcpy_details"
_WANTED = (*OPS, COPY, CORRELATION)
#: What stands for an op where XLA merged several.
_NO_OP = "XlaModule:"
_SIZE = re.compile(r"(?:^|[ ,])size:([0-9]{1,18})")
#: How many ops and sizes are told apart, in bits: of more, no trace of a program was seen.
OP_BITS, SIZE_BITS = 20, 18
#: How many events are read one by one, and of how many the launch is told, at least.
MOST_READ_ALONE = MOST_LAUNCHES = 20_000
#: How a stat begins, and its values: whole numbers, a text, and the number of a text.
_ID, _NUMBERS = 1 << 3 | VARINT, (3 << 3 | VARINT, 4 << 3 | VARINT)
_TEXT, _REFERENCE = 5 << 3 | LENGTH, 7 << 3 | VARINT
#: The first length or number that takes more than one byte.
_LONGER = 0x80
#: Texts with smaller numbers are looked up in a table.
_TABLE = 1 << 20
#: What is in the table for a text that was not looked up yet, and for a number without a text.
_UNKNOWN, _NO_TEXT = -2, -1


@dataclass(frozen=True)
class ToldByStats:
    """What the stats of events tell, an entry an event.

    ``op`` numbers into :attr:`DeviceStats.ops`, ``size`` into :attr:`DeviceStats.sizes`, each 0 where nothing
    is told, as ``launch`` is, the correlation id.
    """

    op: Ints
    size: Ints
    launch: Ints


class DeviceStats:
    """Reads the stats of a plane's events, piece by piece."""

    def __init__(self, stats_by_id: Mapping[int, str]) -> None:
        self._wanted = {key: name for key, name in stats_by_id.items() if name in _WANTED}
        #: The ids of these stats in order, and which of :data:`_WANTED` each is: a file may have any number.
        self._ids = np.array(sorted(self._wanted), dtype=np.int64)
        self._kinds = np.array(
            [_WANTED.index(self._wanted[key]) for key in self._ids.tolist()], dtype=np.int64
        )
        self._reader = StatReader(self._wanted, stats_by_id)
        self._left, self._launches_left = MOST_READ_ALONE, MOST_LAUNCHES
        #: The ops, and the sizes of copies; the first stands for none.
        self.ops, self.sizes = [""], [-1]
        self._op_numbers, self._size_numbers = {"": 0}, {-1: 0}
        self._of_ops = _Texts(stats_by_id, self._op)
        self._of_copies = _Texts(stats_by_id, self._size)

    def read(self, raw: Bytes, begins: Ints, stats: Ints) -> ToldByStats | None:
        """Returns what the events of a run tell, None if no event of this plane tells anything.

        ``begins`` is the result of :func:`run_of_events`, ``stats`` says where the stats of each event
        begin, as :func:`decode_events` does.
        """
        if not self._wanted:
            return None
        count = len(stats)
        told = ToldByStats(*np.zeros((3, count), dtype=np.int64))
        for first in range(0, count, BLOCK):
            part = slice(first, first + BLOCK)
            self._block(
                raw,
                begins[first : first + BLOCK + 1],
                stats[part],
                ToldByStats(told.op[part], told.size[part], told.launch[part]),
            )
        return told

    def _block(self, raw: Bytes, begins: Ints, stats: Ints, told: ToldByStats) -> None:
        ops = np.zeros((len(OPS), len(stats)), dtype=np.int64)
        odd = stats < 0
        for event, begin, end in stats_of_events(raw, np.where(odd, begins[1:], stats), begins[1:], odd):
            key, value = _keys(raw, begin + 2, end)
            odd[event[key < 0]] = True
            found = np.minimum(np.searchsorted(self._ids, key), len(self._ids) - 1)
            kind = np.where(self._ids[found] == key, self._kinds[found], -1)
            for wanted, name in enumerate(_WANTED):
                if name == CORRELATION and self._launches_left <= 0:
                    continue
                of = np.flatnonzero(kind == wanted)
                if not len(of):
                    continue
                its, at, its_end = event[of], value[of], end[of]
                if name == CORRELATION:
                    _read_numbers(raw, its, at, its_end, odd, told.launch)
                elif name == COPY:
                    self._of_copies.read(raw, its, at, its_end, odd, told.size)
                else:
                    self._of_ops.read(raw, its, at, its_end, odd, ops[OPS.index(name)])
        alone = np.flatnonzero(odd)
        ops[:, alone] = told.size[alone] = told.launch[alone] = 0
        for at in alone[: self._left].tolist():
            values = self._reader.values(raw[begins[at] : begins[at + 1]].tobytes())
            for row, name in enumerate(OPS):
                ops[row, at] = self._op(_as_text(values.get(name)))
            told.size[at] = self._size(_as_text(values.get(COPY)))
            launch = values.get(CORRELATION, 0)
            told.launch[at] = min(launch, MOST_BYTES) if isinstance(launch, int) else 0
        self._left -= min(self._left, len(alone))
        self._launches_left -= int(np.count_nonzero(told.launch))
        told.op[:] = np.where(ops[0] > 0, ops[0], ops[1])

    def _op(self, text: str) -> int:
        """Returns the number of an op."""
        if text.startswith(_NO_OP):
            return 0
        return _numbered(text, self.ops, self._op_numbers, OP_BITS)

    def _size(self, text: str) -> int:
        """Returns the number of the size of a copy, by its details."""
        found = _SIZE.search(text)
        size = min(int(found[1]), MOST_BYTES) if found else -1
        return _numbered(size, self.sizes, self._size_numbers, SIZE_BITS)


_Kept = TypeVar("_Kept", int, str)


def _numbered(value: _Kept, kept: list[_Kept], numbers: dict[_Kept, int], bits: int) -> int:
    """Returns the number of a value among the ``kept`` ones, 0 if it is one too many."""
    number = numbers.get(value, len(kept))
    if number == len(kept):
        if number >> bits:
            return 0
        kept.append(value)
        numbers[value] = number
    return number


class _Texts:
    """Reads stats that are texts, each text once; ``meaning`` gives what is kept of it."""

    def __init__(self, texts: Mapping[int, str], meaning: Callable[[str], int]) -> None:
        self._texts = texts
        self._meaning = meaning
        self._by_number = np.zeros(0, dtype=np.int64)
        self._by_bytes: dict[bytes, int] = {}

    def read(self, raw: Bytes, event: Ints, at: Ints, end: Ints, odd: Flags, into: Ints) -> None:
        """Puts what the texts at the places ``at`` mean ``into`` the entries of the events."""
        tag = raw[at]
        refers, is_text = tag == _REFERENCE, (tag == _TEXT) & (end - at > 1)
        is_text[is_text] = at[is_text] + 2 + raw[at[is_text] + 1] == end[is_text]
        odd[event[~refers & ~is_text]] = True
        which = np.flatnonzero(refers)
        if len(which):
            numbers, after = varints(raw, at[which] + 1, end[which])
            odd[event[which[after != end[which]]]] = True
            meant = self._of_numbers(numbers)
            is_known = meant != _NO_TEXT
            into[event[which[is_known]]] = meant[is_known]
        which = np.flatnonzero(is_text)
        body = raw.data
        for one, begin, its_end in zip(event[which].tolist(), (at[which] + 2).tolist(), end[which].tolist()):
            text = bytes(body[begin:its_end])
            if text not in self._by_bytes:
                self._by_bytes[text] = self._meaning(text.decode("utf-8", "replace"))
            into[one] = self._by_bytes[text]

    def _of_numbers(self, numbers: Ints) -> Ints:
        """Returns the meaning of each text by its number."""
        if int(numbers.min()) < 0 or int(numbers.max()) >= _TABLE:
            distinct, which = np.unique(numbers, return_inverse=True)
            return np.array([self._of_number(number) for number in distinct.tolist()], dtype=np.int64)[which]
        longer = int(numbers.max()) + 1 - len(self._by_number)
        if longer > 0:
            self._by_number = np.append(self._by_number, np.full(longer, _UNKNOWN, dtype=np.int64))
        found = self._by_number[numbers]
        unknown = found == _UNKNOWN
        if unknown.any():
            for number in np.unique(numbers[unknown]).tolist():
                self._by_number[number] = self._of_number(number)
            found = self._by_number[numbers]
        return found

    def _of_number(self, number: int) -> int:
        text = self._texts.get(number % (1 << 64))
        return _NO_TEXT if text is None else self._meaning(text)


def _keys(raw: Bytes, begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Returns the id of each stat, and where its value begins; -1 if it is not read here."""
    size = end - begin
    key = np.full(len(begin), -1, dtype=np.int64)
    value = begin + 2
    short = np.flatnonzero(size > 3)  # an id of up to two bytes, a tag, a value
    low, high = raw[begin[short] + 1].astype(np.int64), raw[begin[short] + 2].astype(np.int64)
    starts = raw[begin[short]] == _ID
    of_one, of_two = starts & (low < _LONGER), starts & (low >= _LONGER) & (high < _LONGER)
    key[short[of_one]] = low[of_one]
    key[short[of_two]] = (low[of_two] - _LONGER) | (high[of_two] << 7)
    value[short[of_two]] += 1
    return key, value


def _read_numbers(raw: Bytes, event: Ints, at: Ints, end: Ints, odd: Flags, into: Ints) -> None:
    """Puts the whole numbers at the places ``at`` ``into`` the entries of the events, at most 63 bits."""
    is_number = np.isin(raw[at], _NUMBERS)
    odd[event[~is_number]] = True
    event, at, end = event[is_number], at[is_number], end[is_number]
    values, after = varints(raw, at + 1, end)
    odd[event[after != end]] = True
    into[event] = np.where(values < 0, MOST_BYTES, values)


def _as_text(value: str | int | None) -> str:
    return value if isinstance(value, str) else ""

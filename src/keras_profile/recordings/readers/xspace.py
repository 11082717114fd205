"""Reads TensorFlow's ``.xplane.pb`` (an XSpace) without TensorFlow.

Our own schema for the fields that are read, after
https://github.com/openxla/xla/blob/main/third_party/tsl/tsl/profiler/protobuf/xplane.proto ::

    XSpace  1 planes
    XPlane  2 name, 3 lines, 4 event_metadata, 5 stat_metadata (maps: 1 key, 2 value {2 name})
    XLine   2 name, 3 timestamp_ns, 4 events, 11 display_name
    XEvent  1 metadata_id, 2 offset_ps, 3 duration_ps, 4 stats
    XStat   1 metadata_id, 5 str_value, 7 ref_value

The file is mapped, not loaded. A line's events are read in pieces: ``framing.py`` finds
where they begin, and their content goes into columns. The memory of a piece that was read
is given back to the system, so that memory holds the columns and little else.

Times count from the start of the first line: some writers give the time of day,
which in ps does not fit into 64 bits.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from ...errors import RecordingError
from ...model.arrays import Ints
from ...model.trace import BORNE, DeviceEvent, DevicePlane, Trace, TraceLine
from ...recorder.protocol import ANNOTATION_PREFIX, ANNOTATION_SUFFIX
from ..regular_files import MOST_TRACE_BYTES, open_regular
from .device_stats import OP_BITS, SIZE_BITS, DeviceStats
from .event_stats import TELLS, StatReader, Told, correlated, memory_of, told_by
from .framing import EVENT_TAG, LEAST_BYTES, Bytes, decode_events, run_of_events
from .wire import LENGTH, VARINT, Malformed, fields, next_field, read_varint, signed, text

#: The plane that holds the host's threads.
HOST_PLANE = "/host:CPU"
#: How the names of the planes of GPUs and TPUs begin.
DEVICE_PLANES = "/device:"
#: How many events of the host, or of a device, are asked which launch they belong to.
_ASKED = 20_000
#: A name, an op and a size are one number of 63 bits.
_NAME_BITS = 63 - OP_BITS - SIZE_BITS
#: How many bytes of a line have their events read together.
PIECE_BYTES = 1 << 22
#: Ids below this are looked up in a table, and larger ones by binary search.
_TABLE_IDS = 1 << 20
_UNNAMED = "(unnamed)"
_CUT = "complete threads were read, with the names up to that point"


def read_xspace(path: Path, cut_ok: bool = False) -> Trace:
    """Reads the host lines of the trace in ``path``. Raises :class:`RecordingError`.

    With ``cut_ok``, complete threads are read even if the file ends too early, provided that it
    has the names of their events; the trace says so.
    """
    try:
        with open_regular(path, MOST_TRACE_BYTES) as file:
            data = _mapped(file.fileno())
    except OSError as error:
        raise RecordingError(
            f"{path}: cannot be read ({error.strerror})", "check the path and its permissions"
        ) from error
    if data is None:
        raise RecordingError(
            f"{path}: the trace is empty (0 bytes)",
            "TensorFlow writes an empty file when a trace passes 2 GB: record fewer calls",
        )
    try:
        return _SpaceReader(data, str(path), cut_ok).read()
    except _CutShort as error:
        raise RecordingError(
            f"{path}: the trace is cut short: {error}", "copy the file again, or record again"
        ) from error
    except Malformed as error:
        raise RecordingError(
            f"{path}: expected a TensorFlow trace (XSpace), found something else: {error}",
            "the file may be cut short; record again",
        ) from error


def _mapped(file: int) -> mmap.mmap | None:
    """Returns the content of a file; None if it is empty."""
    try:
        return mmap.mmap(file, 0, access=mmap.ACCESS_READ)
    except ValueError:  # an empty file cannot be mapped
        return None


class _CutShort(Malformed):
    """Raised if the file ends before something without which it is useless."""


class _SpaceReader:
    """One file, read from its first byte to its last."""

    def __init__(self, data: mmap.mmap, source: str, cut_ok: bool) -> None:
        self._data = data
        self._raw: Bytes = np.frombuffer(data, dtype=np.uint8)
        self._source = source
        self._cut_ok = cut_ok
        self._is_cut = False

    def read(self) -> Trace:
        """Reads the host's plane and those of devices."""
        found = None
        devices: list[tuple[str, memoryview]] = []
        planes = 0
        for number, kind, body in self._fields(self._raw.data):
            if number == 1 and kind == LENGTH:
                planes += 1
                name = _plane_name(body)
                if found is None and name == HOST_PLANE:
                    found = body
                elif name.startswith(DEVICE_PLANES):
                    devices.append((name, body))
        if not planes:
            raise Malformed("it has no planes")
        names, lines = (_Names({}, {}), []) if found is None else self._plane(found, _Names)
        read = [(name, *self._plane(body, _DeviceNames)) for name, body in devices]
        starts = [start_ns for start_ns, _, _ in lines]
        starts += [start_ns for _, _, mine in read for start_ns, _, _ in mine]
        first_ns = min(starts, default=0)

        def at_its_time(mine: list[_ReadLine]) -> list[TraceLine]:
            return [_delayed(line, (start_ns - first_ns) * 1000) for start_ns, line, _ in mine]

        def told(mine: list[_ReadLine]) -> Iterator[Told]:
            for start_ns, _, its in mine:
                ahead = (start_ns - first_ns) * 1000
                for one in its:
                    yield Told(one.begin + ahead, *one[1:])

        of_host = list(told(lines)) if devices else []
        return Trace(
            self._source,
            names.texts if found is not None else [],
            at_its_time(lines),
            {stat: frozenset(numbers) for stat, numbers in names.bearing.items() if stat in BORNE},
            cut=_CUT if self._is_cut else "",
            devices=tuple(
                DevicePlane(
                    name,
                    mine.events,
                    at_its_time(its),
                    correlated(list(told(its))),
                    memory_of(name, of_host),
                )
                for name, mine, its in read
            ),
            launches=correlated(of_host),
        )

    def _fields(self, body: memoryview) -> Iterator[tuple[int, int, memoryview]]:
        """Yields the fields of the file or the plane; for a cut file, also the plane in which it ends."""
        position = 0
        while position < len(body):
            try:
                number, kind, value, after = next_field(body, position)
            except Malformed:
                if not self._cut_ok:
                    raise
                self._is_cut = True
                tag, begin = read_varint(body, position)
                if tag != (1 << 3 | LENGTH) or len(body) != len(self._raw):
                    return
                value, after = body[read_varint(body, begin)[1] :], len(body)
                number, kind = 1, LENGTH
            yield number, kind, value
            position = after

    def _plane(
        self, plane: memoryview, make_names: Callable[[dict[int, str], dict[int, str]], _SomeNames]
    ) -> tuple[_SomeNames, list[_ReadLine]]:
        """Returns the names of a plane's events, and its lines that have any."""
        lines: list[memoryview] = []
        names_by_id: dict[int, str] = {}
        stats_by_id: dict[int, str] = {}
        for number, kind, body in self._fields(plane):
            if number == 3 and kind == LENGTH:
                lines.append(body)
            elif number in (4, 5) and kind == LENGTH:
                key, name = _parse_metadata(body)
                (names_by_id if number == 4 else stats_by_id)[key] = name
        if self._is_cut and lines and not names_by_id:
            raise _CutShort("it ends before the names of its events, which come last")
        names = make_names(names_by_id, stats_by_id)
        read = [self._line(body, names) for body in lines]
        return names, [one for one in read if len(one[1].begin)]

    def _line(self, body: memoryview, names: _Names) -> _ReadLine:
        """Returns a line, with times from its own start."""
        raw = np.frombuffer(body, dtype=np.uint8)
        name, display, start_ns = "", "", 0
        pieces: list[tuple[npt.NDArray[np.int32], Ints, Ints]] = []
        position, size, reach = 0, len(raw), PIECE_BYTES
        # A piece is decoded while the beginnings of the next one's events are searched.
        pool = ThreadPoolExecutor(1) if size > PIECE_BYTES else None
        decoding: Future[tuple[npt.NDArray[np.int32], Ints, Ints]] | None = None
        with pool or nullcontext():
            while position < size:
                if body[position] == EVENT_TAG:
                    begins = run_of_events(raw, position, position + reach)
                    # If runs break off early, less is tried at once.
                    reach = min(PIECE_BYTES, max(LEAST_BYTES, 4 * (int(begins[-1]) - position)))
                    if decoding is not None:
                        pieces.append(decoding.result())
                        self._give_back(body, position)
                        decoding = None
                    if pool is None:
                        pieces.append(_piece(raw, begins, names))
                    else:
                        decoding = pool.submit(_piece, raw, begins, names)
                    position = int(begins[-1])
                    continue
                number, kind, value, position = next_field(body, position)
                if number == 2 and kind == LENGTH:
                    name = text(value)
                elif number == 11 and kind == LENGTH:
                    display = text(value)
                elif number == 3 and kind == VARINT:
                    start_ns = signed(read_varint(value, 0)[0])
            if decoding is not None:
                pieces.append(decoding.result())
                self._give_back(body, size)
        return start_ns, _sorted_line(display or name, pieces), names.take_told()

    def _give_back(self, body: memoryview, position: int) -> None:
        """Tells the system that the part of a line that was read is not needed in memory."""
        if position < PIECE_BYTES or not hasattr(mmap, "MADV_DONTNEED"):
            return
        begin = np.frombuffer(body, dtype=np.uint8).ctypes.data - self._raw.ctypes.data
        first = max(0, begin + position - 2 * PIECE_BYTES) // mmap.PAGESIZE * mmap.PAGESIZE
        last = (begin + position) // mmap.PAGESIZE * mmap.PAGESIZE
        self._data.madvise(mmap.MADV_DONTNEED, first, last - first)


#: A line as it is read: when it starts, in ns; its events with times from there; and what they tell.
_ReadLine = tuple[int, TraceLine, list[Told]]


class _Names:
    """The names of events: each text once, and the number of each metadata id."""

    def __init__(self, names_by_id: dict[int, str], stats_by_id: dict[int, str]) -> None:
        names_by_id = {key: _as_recorded(name) for key, name in names_by_id.items()}
        numbers: dict[str, int] = {}
        for key in sorted(names_by_id):
            numbers.setdefault(names_by_id[key], len(numbers))
        self.texts = [*numbers, _UNNAMED]
        #: The numbers of the names whose events have each requested stat.
        self.bearing: dict[str, set[int]] = {}
        self._stats_by_id = {key: name for key, name in stats_by_id.items() if name in BORNE or name in TELLS}
        self._stats = StatReader(self._stats_by_id, stats_by_id)
        self._examined = np.zeros(len(self.texts), dtype=bool)
        #: Whether the events of each name tell of launches or memory, each of its own.
        self._tells = np.zeros(len(self.texts), dtype=bool)
        self._told: list[Told] = []
        self._left = _ASKED
        self._ids = np.array(sorted(names_by_id), dtype=np.int64)
        self._numbers = np.array([numbers[names_by_id[key]] for key in self._ids.tolist()], dtype=np.int32)
        small = (self._ids >= 0) & (self._ids < _TABLE_IDS)
        self._table = np.full(int(self._ids[small].max(initial=-1)) + 2, len(numbers), dtype=np.int32)
        self._table[self._ids[small]] = self._numbers[small]
        self._is_table = bool(small.all())

    def numbers(self, ids: Ints) -> npt.NDArray[np.int32]:
        """Returns the number of each id's name."""
        last = len(self._table) - 1
        if self._is_table:
            # The table's last row is for ids that are not in it.
            return self._table[np.minimum(ids.view(np.uint64), np.uint64(last)).view(np.int64)]
        at = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        return np.where(self._ids[at] == ids, self._numbers[at], np.int32(len(self.texts) - 1))

    def examined(
        self, raw: Bytes, begins: Ints, numbers: npt.NDArray[np.int32], times: Ints, stats: Ints
    ) -> npt.NDArray[np.int32]:
        """Examines the stats of the first event of each name that is seen for the first time.

        Returns the numbers of the events' names. ``times`` are their begins, and ``stats`` says where the
        stats of each begin, as :func:`decode_events` does.
        """
        if not self._stats_by_id:
            return numbers
        first = np.full(len(self.texts), -1, dtype=np.int64)
        first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
        for number in np.flatnonzero((first >= 0) & ~self._examined).tolist():
            self._examined[number] = True
            event = raw[begins[first[number]] : begins[first[number] + 1]].data
            for stat in _stats(event):
                if stat in self._stats_by_id:
                    self.bearing.setdefault(self._stats_by_id[stat], set()).add(number)
                    self._tells[number] |= self._stats_by_id[stat] in TELLS
        telling = np.flatnonzero(self._tells[numbers])[: self._left]
        self._left -= len(telling)
        for at in telling.tolist():
            values = self._stats.values(raw[begins[at] : begins[at + 1]].tobytes())
            self._note(values, int(times[at]))
        return numbers

    def _note(self, values: Mapping[str, str | int], begin: int) -> None:
        one = told_by(values, begin)
        if one is not None:
            self._told.append(one)

    def take_told(self) -> list[Told]:
        """What the events of a line tell; those of the next line are others."""
        told, self._told = self._told, []
        return told


class _DeviceNames(_Names):
    """The names of a device's events, with the op that each is of and how much it copies.

    Events of one kernel are of many ops, so what :attr:`events` numbers is both.
    """

    def __init__(self, names_by_id: dict[int, str], stats_by_id: dict[int, str]) -> None:
        super().__init__(names_by_id, {})
        self.events = [DeviceEvent(name) for name in self.texts]
        #: The keys of names with an op and a size, in order, and their numbers. The first is no event's.
        self._keys = np.array([-1], dtype=np.int64)
        self._number_by_key = np.array([-1], dtype=np.int32)
        self._device_stats = DeviceStats(stats_by_id)

    def examined(
        self, raw: Bytes, begins: Ints, numbers: npt.NDArray[np.int32], times: Ints, stats: Ints
    ) -> npt.NDArray[np.int32]:
        """Returns the numbers of the events in :attr:`events`. ``times`` are their begins."""
        told = self._device_stats.read(raw, begins, stats)
        if told is None:
            return numbers
        launched = np.flatnonzero(told.launch)[: self._left]
        self._left -= len(launched)
        for begin, launch in zip(times[launched].tolist(), told.launch[launched].tolist()):
            self._told.append(Told(begin, launch, "", 0))
        found = numbers.copy()
        detailed = np.flatnonzero(((told.op > 0) | (told.size > 0)) & (numbers < 1 << _NAME_BITS))
        key = (numbers[detailed].astype(np.int64) << OP_BITS | told.op[detailed]) << SIZE_BITS
        key |= told.size[detailed]
        at = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
        new = np.unique(key[self._keys[at] != key])
        if len(new):
            self._add(new)
            at = np.searchsorted(self._keys, key)
        found[detailed] = self._number_by_key[at]
        return found

    def _add(self, keys: Ints) -> None:
        """Adds names with an op and a size to :attr:`events`."""
        first = len(self.events)
        for key in keys.tolist():
            key, size = divmod(key, 1 << SIZE_BITS)
            name, op = divmod(key, 1 << OP_BITS)
            stats = self._device_stats
            self.events.append(DeviceEvent(self.texts[name], stats.ops[op], stats.sizes[size]))
        whole = np.append(self._keys, keys)
        numbers = np.append(self._number_by_key, np.arange(first, len(self.events), dtype=np.int32))
        order = np.argsort(whole)
        self._keys, self._number_by_key = whole[order], numbers[order]


_SomeNames = TypeVar("_SomeNames", _Names, _DeviceNames)


def _as_recorded(name: str) -> str:
    """Returns an event's name as recorded: in the copies that TensorBoard opens, the phase comes first.

    >>> _as_recorded("entry keras_profile"), _as_recorded("keras_profile.entry")
    ('keras_profile.entry', 'keras_profile.entry')
    """
    if not name.endswith(ANNOTATION_SUFFIX):
        return name
    return ANNOTATION_PREFIX + name[: -len(ANNOTATION_SUFFIX)]


def _piece(raw: Bytes, begins: Ints, names: _Names) -> tuple[npt.NDArray[np.int32], Ints, Ints]:
    """Returns name, begin and end of the events of a run."""
    ids, begin, end, stats = decode_events(raw, begins)
    duration_is_negative = end < 0
    end += begin
    if ((end < begin) != duration_is_negative).any():
        raise Malformed("the end of an event does not fit into 64 bits")
    numbers = names.examined(raw, begins, names.numbers(ids), begin, stats)
    return numbers, begin.copy(), end.copy()


def _sorted_line(thread: str, pieces: list[tuple[npt.NDArray[np.int32], Ints, Ints]]) -> TraceLine:
    """Returns the events of a line, enclosing ones first: by begin, then the longest first."""
    name = _joined([piece[0] for piece in pieces], np.int32)
    times = [(piece[1], piece[2]) for piece in pieces]
    pieces.clear()  # the joined pieces are no longer needed
    begin = _joined([one for one, _ in times], np.int64)
    ends = [one for _, one in times]
    times.clear()
    end = _joined(ends, np.int64)
    if not _is_sorted(begin, end):
        order = np.lexsort((-end, begin))
        name, begin, end = name[order], begin[order], end[order]
    return TraceLine(thread, name, begin, end)


def _joined(parts: list[npt.NDArray[Any]], kind: type[np.integer[Any]]) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)


def _is_sorted(begin: Ints, end: Ints) -> bool:
    for first in range(0, len(begin) - 1, 1 << 20):
        part, after = slice(first, first + (1 << 20)), slice(first + 1, first + (1 << 20) + 1)
        later = begin[after]
        earlier = begin[part][: len(later)]
        if ((later < earlier) | ((later == earlier) & (end[after] > end[part][: len(later)]))).any():
            return False
    return True


def _plane_name(plane: memoryview) -> str:
    name = ""
    for number, kind, value in fields(plane):
        if number == 2 and kind == LENGTH:
            name = text(value)
            break
    return name


def _stats(event: memoryview) -> list[int]:
    """Returns the ids of an event's stats; ``event`` begins at its tag, and was checked before."""
    _, _, body, _ = next_field(event, 0)
    return [
        signed(read_varint(value, 0)[0])
        for number, kind, stat in fields(body)
        if number == 4 and kind == LENGTH
        for inner, inner_kind, value in fields(stat)
        if inner == 1 and inner_kind == VARINT
    ]


def _parse_metadata(body: memoryview) -> tuple[int, str]:
    key, name = 0, ""
    for number, kind, value in fields(body):
        if number == 1 and kind == VARINT:
            key = signed(read_varint(value, 0)[0])
        elif number == 2 and kind == LENGTH:
            for inner, inner_kind, content in fields(value):
                if inner == 2 and inner_kind == LENGTH:
                    name = text(content)
    return key, name


def _delayed(line: TraceLine, delay_ps: int) -> TraceLine:
    """Makes all times of ``line`` later, in place, by ``delay_ps``, which is not negative."""
    if not delay_ps:
        return line
    if delay_ps + int(line.end.max(initial=0)) >= 1 << 63:
        raise Malformed("the times of its lines are too far apart")
    np.add(line.begin, delay_ps, out=line.begin)
    np.add(line.end, delay_ps, out=line.end)
    return line

"""Makes traces of any size from a real one: its lines' events again and again, each time later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from keras_profile.output.encoding.protobuf import varint
from keras_profile.recordings.readers.wire import LENGTH, fields, next_field, read_varint

#: Bytes that are made together.
_BATCH = 1 << 24


def make_trace(source: Path, events: int, target: Path) -> int:
    """Writes a trace of at least so many events to ``target``; how many it has.

    The steps follow each other without a pause. All else of ``source`` is kept.
    """
    space = memoryview(source.read_bytes())
    planes = [(number, kind, bytes(body)) for number, kind, body in fields(space)]
    # The host's plane is the one with the lines of threads; it is the largest.
    host = max(range(len(planes)), key=lambda index: len(planes[index][2]))
    parts = list(fields(memoryview(planes[host][2])))
    lines = [_Line(body) for number, _, body in parts if number == 3]
    period = max(line.last_ps for line in lines) - min(line.first_ps for line in lines)
    each = sum(len(line.offsets) for line in lines)
    times = -(-events // each)
    scratch = target.with_suffix(".plane")
    with scratch.open("wb") as file:
        for number, kind, body in parts:
            if number != 3:
                file.write(_field(number, kind, bytes(body)))
        for line in lines:
            size = len(line.head) + len(line.tail) + line.size(times, period)
            file.write(varint(3 << 3 | LENGTH) + varint(size) + line.head)
            for block in line.blocks(times, period):
                file.write(block.data)
            file.write(line.tail)
    with target.open("wb") as file, scratch.open("rb") as plane:
        for index, (number, kind, body) in enumerate(planes):
            if index != host:
                file.write(_field(number, kind, body))
                continue
            file.write(varint(number << 3 | LENGTH) + varint(scratch.stat().st_size))
            while block := plane.read(_BATCH):
                file.write(block)
    scratch.unlink()
    return times * each


def add_device(source: Path, events: int, period_ps: int = 2_000_000) -> None:
    """Adds a GPU to the trace in ``source``: a stream with so many events, each with two stats."""
    kernels = [f"kernel_{number}" for number in range(50)]
    ops = [f"model/dense_{number}/MatMul:MatMul" for number in range(50)]
    names = b"".join(
        _field(4, LENGTH, _field(1, 0, varint(key)) + _field(2, LENGTH, _field(2, LENGTH, name.encode())))
        for key, name in enumerate(kernels)
    )
    names += b"".join(
        _field(5, LENGTH, _field(1, 0, varint(key)) + _field(2, LENGTH, _field(2, LENGTH, name.encode())))
        for key, name in enumerate(["correlation_id", "tf_op", *ops])
    )
    rows = []
    for number in range(events):
        kernel = number % len(kernels)
        stats = _field(4, LENGTH, b"\x08\x00\x20" + varint(number))
        stats += _field(4, LENGTH, b"\x08\x01\x38" + varint(2 + kernel))
        place = b"\x10" + varint(number * period_ps) + b"\x18" + varint(period_ps // 2)
        rows.append(_field(4, LENGTH, b"\x08" + varint(kernel) + place + stats))
    line = _field(3, LENGTH, _field(2, LENGTH, b"Stream #1(Compute)") + b"".join(rows))
    plane = _field(1, LENGTH, _field(2, LENGTH, b"/device:GPU:0") + line + names)
    with source.open("ab") as file:
        file.write(plane)


class _Line:
    """A line's events, taken apart before and after their offset."""

    def __init__(self, body: memoryview) -> None:
        head, tail = b"", b""
        self._before: list[bytes] = []
        self._after: list[bytes] = []
        offsets, ends = [], []
        position = 0
        while position < len(body):
            begin = position
            number, _, value, position = next_field(body, position)
            if number != 4:
                if offsets:
                    tail += bytes(body[begin:position])
                else:
                    head += bytes(body[begin:position])
                continue
            before, after, offset, duration = b"", b"", 0, 0
            for inner, kind, content in fields(value):
                if inner == 2:
                    offset = read_varint(content, 0)[0]
                    continue
                if inner == 3:
                    duration = read_varint(content, 0)[0]
                part = _field(inner, kind, bytes(content))
                before, after = (before + part, after) if inner == 1 else (before, after + part)
            self._before.append(before)
            self._after.append(after)
            offsets.append(offset)
            ends.append(offset + duration)
        self.head, self.tail = head, tail
        self.offsets = np.array(offsets, dtype=np.int64)
        self.first_ps, self.last_ps = min(offsets, default=1 << 62), max(ends, default=0)

    def size(self, times: int, period: int) -> int:
        """The bytes of all its events, repeated."""
        total = 0
        for first, count in self._runs(times, period):
            total += len(self._template(self._sizes(first, period))[0]) * count
        return total

    def blocks(self, times: int, period: int) -> Iterator[npt.NDArray[np.uint8]]:
        """The events, repeated, as bytes."""
        for first, count in self._runs(times, period):
            sizes = self._sizes(first, period)
            template, places = self._template(sizes)
            step = max(1, _BATCH // max(1, len(template)))
            for begin in range(first, first + count, step):
                numbers = np.arange(begin, min(begin + step, first + count))
                block = np.tile(template, (len(numbers), 1))
                shifted = self.offsets[None, :] + numbers[:, None] * period
                for byte in range(int(sizes.max(initial=0))):
                    has = np.flatnonzero(sizes > byte)
                    part = (shifted[:, has] >> (7 * byte)) & 0x7F
                    block[:, places[has] + byte] = part | np.where(sizes[has] > byte + 1, 0x80, 0)
                yield np.ascontiguousarray(block)

    def _runs(self, times: int, period: int) -> Iterator[tuple[int, int]]:
        """Neighbouring repetitions whose offsets take as many bytes each: first and count."""
        first = 0
        while first < times and len(self.offsets):
            sizes = self._sizes(first, period)
            # Sizes grow only, so the last repetition with these is found by halving.
            low, high = first, times - 1
            while low < high:
                middle = (low + high + 1) // 2
                if (self._sizes(middle, period) == sizes).all():
                    low = middle
                else:
                    high = middle - 1
            yield first, low - first + 1
            first = low + 1

    def _sizes(self, repetition: int, period: int) -> npt.NDArray[np.int64]:
        """The bytes of each offset in a repetition."""
        shifted = self.offsets + repetition * period
        return 1 + sum(((shifted >> (7 * byte)) > 0).astype(np.int64) for byte in range(1, 9))

    def _template(self, sizes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
        """One repetition's bytes, and where in them the offsets are."""
        data, places = bytearray(), []
        for before, after, size in zip(self._before, self._after, sizes.tolist()):
            content = len(before) + 1 + size + len(after)
            data += varint(4 << 3 | LENGTH) + varint(content) + before + varint(2 << 3)
            places.append(len(data))
            data += bytes(size) + after
        return np.frombuffer(bytes(data), dtype=np.uint8), np.array(places, dtype=np.int64)


def _field(number: int, kind: int, content: bytes) -> bytes:
    size = varint(len(content)) if kind == LENGTH else b""
    return varint(number << 3 | kind) + size + content

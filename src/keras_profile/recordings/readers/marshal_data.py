"""Reads the part of Python's marshal format that is plain data: dictionaries, tuples, texts and numbers.

``marshal.loads`` must not see bytes from elsewhere: it can crash, and it makes code objects. Here each type
is read by its own line, and any other one is an error. No object is hashed, for a tuple of references to
tuples can take forever to hash: a dictionary becomes :class:`Pairs`.
https://github.com/python/cpython/blob/v3.13.0/Python/marshal.c
"""

from __future__ import annotations

import struct
from typing import TypeAlias

#: Set in the type of an object that later references may mean.
_KEPT = 0x80
#: How deeply objects may lie in each other; a profile of cProfile has four levels.
_MOST_DEPTH = 8
#: The maximum number of objects.
_MOST_OBJECTS = 1 << 23
#: The maximum number of 15-bit digits of an integer; five hold any of 64 bits.
_MOST_DIGITS = 5
_DIGIT_BITS = 15
#: The maximum number of bytes of a text.
_MOST_TEXT = 1 << 16


class Pairs(list[tuple["Plain", "Plain"]]):
    """The keys and values of a dictionary, in order."""


Plain: TypeAlias = "str | int | float | tuple[Plain, ...] | Pairs | None"


class MarshalError(ValueError):
    """The bytes are not marshalled plain data."""


def read_marshal(data: bytes) -> Plain:
    """Returns the object in ``data``. Raises :class:`MarshalError`.

    >>> import marshal
    >>> read_marshal(marshal.dumps({("a.py", 1, "f"): (1, 2.5)}))
    [(('a.py', 1, 'f'), (1, 2.5))]
    """
    reader = _Reader(data)
    try:
        found = reader.read(_MOST_DEPTH)
    except (struct.error, IndexError) as error:
        raise MarshalError(f"it ends early, after {len(data):,} bytes") from error
    if reader.at != len(data):
        raise MarshalError(f"{len(data) - reader.at:,} bytes follow its end")
    return found


class _Reader:
    """A position in the bytes, and the objects that references may mean."""

    def __init__(self, data: bytes) -> None:
        self.at = 0
        self._data = data
        self._objects = 0
        self._kept: list[Plain] = []

    def read(self, depth: int) -> Plain:
        """Reads an object that has at most ``depth`` levels."""
        if depth == 0:
            raise MarshalError(f"more than {_MOST_DEPTH} objects in each other, at byte {self.at:,}")
        self._objects += 1
        if self._objects > _MOST_OBJECTS:
            raise MarshalError(f"more than {_MOST_OBJECTS:,} objects")
        begin = self.at
        code = self._data[self.at]
        self.at += 1
        kind = code & ~_KEPT
        place = None
        if code & _KEPT:
            # A container is numbered before what it holds.
            place = len(self._kept)
            self._kept.append(None)
        found = self._of_kind(chr(kind), depth, begin)
        if place is not None:
            self._kept[place] = found
        return found

    def _of_kind(self, kind: str, depth: int, begin: int) -> Plain:
        match kind:
            case "z" | "Z":
                return self._text(self._byte(), "latin-1")
            case "a" | "A":
                return self._text(self._size(), "latin-1")
            case "u" | "t":
                return self._text(self._size(), "utf-8")
            case "i":
                return int(self._unpack("<i"))
            case "I":
                return int(self._unpack("<q"))
            case "l":
                return self._long()
            case "g":
                return float(self._unpack("<d"))
            case "f":
                return self._written_float()
            case "r":
                return self._reference()
            case ")":
                return self._tuple(self._byte(), depth)
            case "(":
                return self._tuple(self._size(), depth)
            case "{":
                return self._dictionary(depth)
            case "N":
                return None
        raise MarshalError(f"an object of type {kind!r} at byte {begin:,}, which no profile has")

    def _unpack(self, layout: str) -> int | float:
        (found,) = struct.unpack_from(layout, self._data, self.at)
        self.at += struct.calcsize(layout)
        number: int | float = found
        return number

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _size(self) -> int:
        """A number of things that follow, each of a byte at least."""
        size = int(self._unpack("<I"))
        if size > len(self._data) - self.at:
            raise MarshalError(f"{size:,} things at byte {self.at:,}, where fewer bytes are left")
        return size

    def _text(self, size: int, encoding: str) -> str:
        if size > _MOST_TEXT:
            raise MarshalError(f"a text of {size:,} bytes at byte {self.at:,}")
        part = self._data[self.at : self.at + size]
        if len(part) < size:
            raise IndexError(size)
        self.at += size
        return part.decode(encoding, "replace")

    def _long(self) -> int:
        count = int(self._unpack("<i"))
        if abs(count) > _MOST_DIGITS:
            raise MarshalError(f"an integer of {abs(count):,} digits at byte {self.at:,}")
        found = 0
        for place in range(abs(count)):
            found |= (int(self._unpack("<H")) & ((1 << _DIGIT_BITS) - 1)) << (place * _DIGIT_BITS)
        return found if count >= 0 else -found

    def _written_float(self) -> float:
        text = self._text(self._byte(), "latin-1")
        try:
            return float(text)
        except ValueError:
            raise MarshalError(f"{text!r} in place of a number at byte {self.at:,}") from None

    def _reference(self) -> Plain:
        number = int(self._unpack("<I"))
        if number >= len(self._kept) or (found := self._kept[number]) is None:
            raise MarshalError(f"a reference to object {number:,}, which is not there, at byte {self.at:,}")
        return found

    def _tuple(self, size: int, depth: int) -> Plain:
        return tuple([self.read(depth - 1) for _ in range(size)])

    def _dictionary(self, depth: int) -> Plain:
        found = Pairs()
        while self._data[self.at] != ord("0"):
            key = self.read(depth - 1)
            found.append((key, self.read(depth - 1)))
        self.at += 1
        return found

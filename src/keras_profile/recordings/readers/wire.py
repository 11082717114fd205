"""The protobuf wire format: fields of a message, read without a library.

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator

#: The kinds of field that TensorFlow's messages have.
VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5


class Malformed(Exception):
    """Raised if the bytes are not such a message; the text says what is wrong."""


def fields(body: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Yields field number, kind and content of each field; a varint's content is its bytes."""
    position = 0
    while position < len(body):
        number, kind, value, position = next_field(body, position)
        yield number, kind, value


def next_field(body: memoryview, position: int) -> tuple[int, int, memoryview, int]:
    """Returns field number, kind, content, and where the next field begins."""
    tag, position = read_varint(body, position)
    kind = tag & 7
    if not tag >> 3:
        raise Malformed("a field without a number")
    if kind == VARINT:
        end = read_varint(body, position)[1]
    elif kind == LENGTH:
        length, position = read_varint(body, position)
        end = position + length
    elif kind in (FIXED64, FIXED32):
        end = position + (8 if kind == FIXED64 else 4)
    else:
        raise Malformed(f"a field of kind {kind}")
    if end > len(body):
        raise Malformed("a field is longer than the file")
    return tag >> 3, kind, body[position:end], end


def read_varint(body: memoryview | bytes, position: int) -> tuple[int, int]:
    """Returns the number at ``position``, and where it ends. Bits after the 64th are dropped.

    >>> read_varint(memoryview(bytes([0xAC, 0x02])), 0)
    (300, 2)
    """
    value = shift = 0
    while True:
        if position >= len(body) or shift > 63:
            raise Malformed("a number runs past the end")
        byte = body[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & ((1 << 64) - 1), position
        shift += 7


def signed(value: int) -> int:
    """Returns the signed value of a 64-bit number that was written as unsigned."""
    return value - (1 << 64) if value >> 63 else value


def text(value: memoryview) -> str:
    """Returns a string field, whatever bytes it has."""
    return bytes(value).decode("utf-8", "replace")

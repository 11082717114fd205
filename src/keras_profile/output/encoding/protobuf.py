"""The parts of the protobuf wire format that are written here: numbers, and content with its length.

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterable

_VARINT, _LENGTH = 0, 2


def number(field: int, value: int) -> bytes:
    """A field that is a whole number."""
    return varint(field << 3 | _VARINT) + varint(value)


def numbers(field: int, values: Iterable[int]) -> bytes:
    """A field that is a packed list of whole numbers."""
    return sized(field, b"".join(varint(value) for value in values))


def sized(field: int, content: bytes) -> bytes:
    """A field that is a message, a string or bytes."""
    return varint(field << 3 | _LENGTH) + varint(len(content)) + content


def utf8(text: str) -> bytes:
    """The content of a string field, whatever characters the text has."""
    return text.encode("utf-8", "replace")


def varint(value: int) -> bytes:
    """A number in the wire format, a negative one in two's complement of 64 bits.

    >>> varint(300).hex()
    'ac02'
    """
    value &= (1 << 64) - 1
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)

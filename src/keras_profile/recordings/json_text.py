"""Decodes untrusted JSON: text with any bytes, numbers that fit, names of a sane length."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn, TypeVar

import msgspec

from ..model.recorded import from_json

#: Raised for bytes that are not the expected JSON.
UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

#: The maximum number of characters of a text: longer names and lines of source are cut.
MOST_TEXT = 10_000
_CUT = "…"
#: The maximum number of bytes that are searched for invalid UTF-8.
_MOST_LENIENT = 1 << 26
_MOST_NUMBER = (1 << 63) - 1
#: Surrogates, of which UTF-16 needs a pair per character: alone they are invalid, and cannot be written.
_HALVES = re.compile("[\ud800-\udfff]")

_Content = TypeVar("_Content")


def decode(data: bytes, kind: type[_Content]) -> _Content:
    """Returns the content of ``data`` as a ``kind``. Raises one of :data:`UNDECODABLE`."""
    try:
        # This way, data of another kind takes no memory.
        msgspec.json.decode(data, type=kind, dec_hook=from_json)
    except UNDECODABLE as error:
        if isinstance(error, msgspec.ValidationError) or len(data) > _MOST_LENIENT:
            raise
    return of_kind(decode_any(data), kind)


def of_kind(content: object, kind: type[_Content]) -> _Content:
    """Returns plain objects as a ``kind``. Raises :class:`msgspec.ValidationError`."""
    return msgspec.convert(content, kind, dec_hook=from_json)


def decode_any(data: bytes) -> Any:
    """Returns the content of ``data`` as plain objects, as :func:`decode` does it."""
    try:
        return _sane(msgspec.json.decode(data))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if isinstance(error, msgspec.ValidationError):
            raise
        return _sane(_decode_leniently(data, error))


def _decode_leniently(data: bytes, error: Exception) -> Any:
    """Decodes JSON with invalid UTF-8 or lone surrogates, which become replacement characters."""
    try:
        return json.loads(data.decode("utf-8", "replace"), parse_constant=_no_number)
    except ValueError:
        raise error from None


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number")


def _sane(value: Any) -> Any:
    """Returns ``value`` with writable texts that are not too long. Raises if a number does not fit."""
    if isinstance(value, str):
        return value if value.isascii() and len(value) <= MOST_TEXT else plain_text(value)
    if isinstance(value, dict):
        return {plain_text(key): _sane(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_sane(one) for one in value]
    if isinstance(value, int) and not -_MOST_NUMBER <= value <= _MOST_NUMBER:
        raise msgspec.ValidationError(f"a number of {value.bit_length()} bits")
    if isinstance(value, float) and not math.isfinite(value):
        raise msgspec.ValidationError("an infinite number")
    return value


def plain_text(text: str) -> str:
    """Returns ``text`` so that it can be written: cut if it is too long, lone surrogates replaced."""
    if len(text) > MOST_TEXT:
        text = text[:MOST_TEXT] + _CUT
    return text if text.isascii() else _HALVES.sub("\ufffd", text)

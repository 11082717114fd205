"""Spells out what a terminal or a reader of JSON would misread in foreign text, such as names."""

from __future__ import annotations

import re

#: Control characters except the line break, characters that reverse the direction of text or end a line in
#: some programs, and surrogates, which Python uses for bytes that are not text.
_HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
#: In ASCII-only JSON: a backslash, a whole character of two surrogates, and a lone surrogate.
_ESCAPES = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u([dD][89a-fA-F][0-9a-fA-F]{2})"
)


def visible(text: str) -> str:
    """Returns ``text`` with everything spelled out that a terminal would obey. Line breaks stay.

    >>> visible("red\\x1b[31m caf\\udce9\\n")
    'red\\\\x1b[31m caf\\\\xe9\\n'
    """
    return _HIDDEN.sub(_spelled, text)


def readable_json(text: str) -> str:
    """Makes the JSON of :func:`json.dumps` acceptable to strict readers: no lone surrogate is left.

    >>> readable_json('["caf\\\\\\\\udce9"]')
    '["caf\\\\\\\\udce9"]'
    >>> readable_json('["caf\\\\udce9"]')
    '["caf\\\\\\\\xe9"]'
    """
    return _ESCAPES.sub(_spelled_in_json, text) if "\\ud" in text or "\\uD" in text else text


def _spelled(match: re.Match[str]) -> str:
    return "    " if match[0] == "\t" else _name(ord(match[0]))


def _spelled_in_json(match: re.Match[str]) -> str:
    return match[0] if match[1] is None else "\\" + _name(int(match[1], 16))


def _name(code: int) -> str:
    """Returns how a character is spelled. A surrogate that stands for a byte is spelled as that byte."""
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    return "\\x{:02x}".format(code) if code < 0x100 else "\\u{:04x}".format(code)

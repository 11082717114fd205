"""Text of others on one line, without what a terminal or a reader would obey."""

from __future__ import annotations

#: Control characters, which a terminal obeys; those that part words become spaces.
_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0))) | dict.fromkeys(map(ord, "\t\n\r"), " ")


def printable(text: str) -> str:
    """``text`` on one line, without control characters.

    >>> printable("two\\nlines, \\x1b[31mred")
    'two lines, [31mred'
    """
    return text.translate(_CONTROLS)

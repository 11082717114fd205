"""Text of others on one line, without what a terminal or a reader would obey."""

from __future__ import annotations

from ...recorder.protocol.visible import visible

#: What parts words becomes a space.
_SPACES = dict.fromkeys(map(ord, "\t\n\r"), " ")
#: Letters that are shown of a name, a line of code or a sentence: more is read by nobody.
_MOST = 2_000


def printable(text: str) -> str:
    """``text`` on one line; control characters are spelled out.

    >>> printable("two\\nlines, \\x1b[31mred")
    'two lines, \\\\x1b[31mred'
    """
    return visible(text.translate(_SPACES))


def shortened(text: str) -> str:
    """``text``, cut where it is longer than anybody reads.

    >>> len(shortened("x" * 10_000_000))
    2001
    """
    return text if len(text) <= _MOST else text[:_MOST] + "…"

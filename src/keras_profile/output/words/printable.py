"""Foreign text on one line, without control characters."""

from __future__ import annotations

from ...recorder.protocol.visible import visible

#: Whitespace that becomes a space.
_SPACES = dict.fromkeys(map(ord, "\t\n\r"), " ")
#: The most characters shown of a name, a line of code or a sentence: nobody reads more.
_MOST = 2_000


def printable(text: str) -> str:
    """``text`` on one line, with control characters escaped.

    >>> printable("two\\nlines, \\x1b[31mred")
    'two lines, \\\\x1b[31mred'
    """
    return visible(text.translate(_SPACES))


def shortened(text: str) -> str:
    """``text``, cut if it is longer than anybody reads.

    >>> len(shortened("x" * 10_000_000))
    2001
    """
    return text if len(text) <= _MOST else text[:_MOST] + "…"


def beginning(text: str, letters: int) -> str:
    """The beginning of a text that may be too long for its place.

    >>> beginning("tensorflow 2.21", 15), beginning("tensorflow 2.21", 8)
    ('tensorflow 2.21', 'tensorf…')
    """
    return text if len(text) <= letters else text[: letters - 1] + "…"


def ending(text: str, letters: int) -> str:
    """The end of a text that may be too long: of paths and scopes it says more than the beginning.

    >>> ending("envs/tf-2.0", 11), ending("encoder/layer_9/self_attention/dropout", 24)
    ('envs/tf-2.0', '…/self_attention/dropout')
    """
    return text if len(text) <= letters else "…" + text[1 - letters :]

"""Errors from other code, in one line."""

from __future__ import annotations

import re

_LONGEST = 300
#: Keras prints parts of its errors in bold.
_ESCAPES = re.compile("\x1b\\[[0-9;]*m")


class WorkerFailed(Exception):
    """Raised if a separate process could not do its task; the text says why."""


def in_words(error: BaseException) -> str:
    """Returns an error's text in one line.

    >>> in_words(ValueError("no such   thing,\\n  here"))
    'ValueError: no such thing, here'
    >>> in_words(TypeError("a \x1b[1mbold\x1b[0m word"))
    'TypeError: a bold word'
    """
    text = " ".join(_ESCAPES.sub("", str(error)).split())
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return text if isinstance(error, WorkerFailed) else "{}: {}".format(type(error).__name__, text)

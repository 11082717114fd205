"""Errors from other code, in one line."""

from __future__ import annotations

import re

_LONGEST = 300
#: Keras prints parts of its errors in bold.
_ESCAPES = re.compile("\x1b\\[[0-9;]*m")
#: Where TensorFlow says that an op failed.
_NODES = re.compile(r"\{\{(function_)?node [^}]*\}\}\s*")
#: TensorFlow gives the whole text of an error in a Python function of an input pipeline, after what it was.
_TRACE = "Traceback (most recent call last):"


class WorkerFailed(Exception):
    """Raised if a separate process could not do its task; the text says why."""


def in_words(error: BaseException) -> str:
    """Returns an error's text in one line.

    >>> in_words(ValueError("no such   thing,\\n  here"))
    'ValueError: no such thing, here'
    >>> in_words(TypeError("a \x1b[1mbold\x1b[0m word"))
    'TypeError: a bold word'
    >>> in_words(OSError("{{function_node f}} KeyError: 3\\nTraceback (most recent call last):\\n  File …"))
    'OSError: KeyError: 3'
    """
    plain = _NODES.sub("", _ESCAPES.sub("", str(error)))
    before, trace, _ = plain.partition(_TRACE)
    if trace and ": " in before.strip():  # otherwise the error itself is the trace's last line
        plain = before
    text = " ".join(plain.split())
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return text if isinstance(error, WorkerFailed) else "{}: {}".format(type(error).__name__, text)

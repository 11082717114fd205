"""Errors of others in one line."""
from __future__ import annotations

_LONGEST = 300


class WorkerFailed(Exception):
    """A process of its own could not do what it was told; the text says why."""


def in_words(error):
    """What an error says, in one line.

    >>> in_words(ValueError("no such   thing,\\n  here"))
    'ValueError: no such thing, here'
    """
    text = " ".join(str(error).split())
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return text if isinstance(error, WorkerFailed) else "{}: {}".format(type(error).__name__, text)

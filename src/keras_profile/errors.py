"""The errors that keras_profile tells its users, each with what to do next."""

from __future__ import annotations

import signal

from .recorder.protocol.visible import visible


class KerasProfileError(Exception):
    """An expected failure. The command line shows it without a traceback, exit code 2.

    ``message`` says what was expected and what was found, ``advice`` what to do next,
    ``trace`` is the traceback of the user's own program where that is what failed,
    ``kind`` is a word for programs. ``mending`` takes the advice apart where that is a
    command: the ``package`` that is to blame, the ``words`` before it, the ``command``.
    """

    def __init__(
        self,
        message: str,
        advice: str = "",
        trace: str = "",
        kind: str = "error",
        mending: dict[str, str] | None = None,
    ) -> None:
        # Whoever shows it, in a traceback too, shows names in it.
        super().__init__(visible(message))
        self.message = visible(message)
        self.advice = visible(advice)
        self.trace = visible(trace)
        self.kind = kind
        self.mending = mending


def ending(code: int) -> str:
    """How a process ended, in words, by its return code as ``subprocess`` has it.

    >>> ending(3), ending(-4)
    ('exit code 3', 'signal SIGILL')
    """
    if code >= 0:
        return f"exit code {code}"
    known = {one.value: one.name for one in signal.Signals}
    return f"signal {known.get(-code, -code)}"


class RecordingError(KerasProfileError):
    """A recording or report on disk cannot be read."""


class TargetError(KerasProfileError):
    """The recorder could not load, build or call what was asked for."""

"""The errors that keras_profile shows its users, each with what to do next."""

from __future__ import annotations

import signal

from .recorder.protocol.visible import visible

#: Windows' exit code for an instruction that the processor does not know.
ILLEGAL_INSTRUCTION = 0xC000001D
#: Exit codes of processes that Windows ended.
#: https://learn.microsoft.com/openspecs/windows_protocols/ms-erref/596a1078-e883-4972-9bbc-49e60bebca55
_WINDOWS = {
    0xC0000005: "an access violation",
    0xC0000017: "not enough memory",
    ILLEGAL_INSTRUCTION: "an illegal instruction",
    0xC00000FD: "a stack overflow",
    0xC0000135: "a missing DLL",
    0xC000013A: "interrupted",
    0xC0000374: "a corrupted heap",
    0xC0000409: "abort",
}


class KerasProfileError(Exception):
    """An expected failure. The command line shows it without a traceback, exit code 2.

    ``message`` says what was expected and what was found, ``advice`` what to do next.
    ``trace`` is the traceback of the user's own program if that failed, ``kind`` a word
    for programs. ``fix`` has the parts of an advice that is a command: the ``package``
    that causes the error, the ``words`` before the command, the ``command``. If it is an error of one of
    several processes or states that are compared, :meth:`of_side` says of which.
    """

    #: What the state or process is called that the error is of, if there are several; else empty.
    side = ""

    def __init__(
        self,
        message: str,
        advice: str = "",
        trace: str = "",
        kind: str = "error",
        fix: dict[str, str] | None = None,
    ) -> None:
        # Names in it must be printable wherever it is shown, even in a traceback.
        super().__init__(visible(message))
        self.message = visible(message)
        self.advice = visible(advice)
        self.trace = visible(trace)
        self.kind = kind
        self.fix = fix

    def of_side(self, side: str) -> KerasProfileError:
        """Returns it, with the ``side`` that it is of in front of its message."""
        if not self.side:
            self.side, self.message = side, f"{visible(side)}: {self.message}"
            self.args = (self.message,)
        return self

    @property
    def reason(self) -> str:
        """The message without the side, for where that stands already."""
        return self.message.removeprefix(f"{visible(self.side)}: ") if self.side else self.message


def ending(code: int) -> str:
    """How a process ended, in words, by its ``subprocess`` return code.

    >>> ending(3), ending(-4), ending(0xC0000005)
    ('exit code 3', 'signal SIGILL', 'an access violation')
    """
    if code >= 0:
        return _WINDOWS.get(code, f"exit code {code}")
    known = {one.value: one.name for one in signal.Signals}
    return f"signal {known.get(-code, -code)}"


class RecordingError(KerasProfileError):
    """A recording or report on disk cannot be read."""


class TargetError(KerasProfileError):
    """The recorder could not load, build or call what was asked for."""

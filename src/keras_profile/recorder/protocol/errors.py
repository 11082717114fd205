"""The expected failures of a recorder."""

from __future__ import annotations


class RecorderError(Exception):
    """An expected failure, reported to the user as it is.

    ``kind`` is a word for programs. ``message`` says what was expected and what was found,
    ``advice`` what to do next. ``trace`` is the traceback of the user's own code if that is what
    failed. If there is a fix, ``fix`` names the ``package`` that causes the failure, the
    ``command`` that fixes it and the ``words`` before that.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        advice: str = "",
        trace: str = "",
        fix: dict[str, str] | None = None,
    ) -> None:
        Exception.__init__(self, message)
        self.kind = kind
        self.message = message
        self.advice = advice
        self.trace = trace
        self.fix = fix

"""How a recorder fails, where that was expected."""

from __future__ import annotations


class RecorderError(Exception):
    """An expected failure, told to the user as it stands.

    ``kind`` is a word for programs, ``message`` says what was expected and what was
    found, ``advice`` what to do next, ``trace`` is the traceback of the user's own code
    where that is what failed, ``fix`` names the ``package`` that is to blame, the ``command``
    that fixes it and the ``words`` before that, where there is one.
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

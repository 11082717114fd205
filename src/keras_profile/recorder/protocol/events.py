"""What a recorder reports, and how it fails."""

from __future__ import annotations

#: The text of the stage in which TensorFlow is imported.
IMPORTING = "importing TensorFlow"


class RecorderError(Exception):
    """An expected failure, told to the user as it stands.

    ``kind`` is a word for programs, ``message`` says what was expected and what was
    found, ``advice`` what to do next, ``trace`` is the traceback of the user's own code
    where that is what failed, ``mending`` names the ``package`` that is to blame, the ``command``
    that mends it and the ``words`` before that, where there is one.
    """

    def __init__(self, kind, message, advice="", trace="", mending=None):
        Exception.__init__(self, message)
        self.kind = kind
        self.message = message
        self.advice = advice
        self.trace = trace
        self.mending = mending

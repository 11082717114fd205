"""Call sites: the user's line that made a call, and the library's line if one stands between."""

from __future__ import annotations

import linecache
import os
import sys

from ..protocol import events

_RECORDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_PACKAGES = ("site-packages", "dist-packages")
_STANDARD = os.path.dirname(os.path.abspath(os.__file__))
#: Modules between which calls of TensorFlow's functions are Keras' own affair.
_FRAMEWORKS = ("tensorflow", "tensorflow_core", "keras", "tf_keras")


class Sites:
    """Numbers call sites; ``tell`` is given the event of each new one."""

    def __init__(self, tell):
        self._tell = tell
        self._numbers = {}
        # By the identity of code objects, which are kept: hashing one looks at all of it.
        self._kinds = {}  # id of code -> (is it the user's, is it a framework's, the code)
        self._lines = {}  # (id of code, offset) -> site number

    def by_framework(self, frame):
        """Whether Keras or TensorFlow itself makes the call."""
        return self._kind(frame)[1]

    def number(self, frame):
        """The number of the site from which ``frame`` makes its call."""
        key = (id(frame.f_code), frame.f_lasti)
        number = self._lines.get(key)
        # A library's line may be called from anywhere in the user's code.
        if number is not None and self._kind(frame)[0]:
            return number
        own = frame
        while own is not None and not self._kind(own)[0]:
            own = own.f_back
        own = own or frame
        place = (own.f_code.co_filename, own.f_lineno, own.f_code.co_name)
        through = None if own is frame else (frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
        number = self._numbers.get((place, through))
        if number is None:
            number = self._numbers[place, through] = len(self._numbers)
            self._tell(
                events.Site(
                    site=number,
                    source=linecache.getline(place[0], place[1], own.f_globals).strip(),
                    through=through and _named(through),
                    **_named(place),
                )
            )
        self._lines[key] = number
        return number

    def place(self, number):
        """A site as ``file:line``."""
        for (place, _), known in self._numbers.items():
            if known == number:
                return "{}:{}".format(place[0], place[1])
        raise KeyError(number)

    def _kind(self, frame):
        code = frame.f_code
        kind = self._kinds.get(id(code))
        if kind is None:
            top = frame.f_globals.get("__name__", "").partition(".")[0]
            kind = self._kinds[id(code)] = (is_users(code.co_filename), top in _FRAMEWORKS, code)
        return kind


def is_users(file):
    """Whether a file is the user's: no package, not the standard library, not the recorder."""
    if any(part in file for part in _PACKAGES) or file.startswith((_RECORDER, _STANDARD + os.sep)):
        return False
    # A notebook's cells are named <ipython-input…> or lie in a temporary folder.
    return not file.startswith("<") or file.startswith("<ipython-input") or file == "<stdin>"


def users_frame(frame):
    """The innermost frame of the user's at or above ``frame``, None if there is none."""
    while frame is not None and not is_users(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def users_line(depth):
    """The user's line above the caller's caller, as text; empty where there is none."""
    frame = users_frame(sys._getframe(depth))
    if frame is None:
        return ""
    return "{}:{}, in {}".format(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)


def _named(place):
    return dict(zip(("file", "line", "function"), place))

"""Call sites: the user's line that made a call, and the library's line if there is one in between."""

from __future__ import annotations

import linecache
from types import CodeType, FrameType
from typing import Any, Tuple

from ..frameworks import PACKAGES
from ..protocol import events
from ..user_frames import is_users
from .result_uses import uses_one_position

#: A file, a line and a function.
_Place = Tuple[str, int, str]

#: How many characters of a line of code are kept.
_MOST = 1000


class Sites:
    """Numbers call sites; ``tell`` gets the event for each new one."""

    def __init__(self, tell: events.Report) -> None:
        self._tell = tell
        self._numbers: dict[tuple[_Place, _Place | None], int] = {}
        # By the identity of code objects, which are kept: hashing one reads all of it.
        self._kinds: dict[
            int, tuple[bool, bool, CodeType]
        ] = {}  # id of code -> (is it the user's, is it a framework's, the code)
        self._lines: dict[tuple[int, int], int] = {}  # (id of code, offset) -> site number

    def by_framework(self, frame: FrameType) -> bool:
        """Whether Keras or TensorFlow itself makes the call."""
        return self._kind(frame)[1]

    def is_users(self, frame: FrameType) -> bool:
        """Whether the frame is the user's: its line is the site, and its code object is kept."""
        return self._kind(frame)[0]

    def number(self, frame: FrameType) -> int:
        """Returns the number of the site from which ``frame`` makes its call."""
        key = (id(frame.f_code), frame.f_lasti)
        number = self._lines.get(key)
        # A library's line may be called from anywhere in the user's code.
        if number is not None and self._kind(frame)[0]:
            return number
        own: FrameType | None = frame
        while own is not None and not self._kind(own)[0]:
            own = own.f_back
        own = own or frame
        place = (own.f_code.co_filename, own.f_lineno, own.f_code.co_name)
        through = None if own is frame else (frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
        number = self._numbers.get((place, through))
        if number is None:
            number = len(self._numbers)
            self._tell(
                events.Site(
                    site=number,
                    source=_source(place, own),
                    through=through and _named(through),
                    one_position=through is None and uses_one_position(own),
                    **_named(place),
                )
            )
            self._numbers[place, through] = number
        self._lines[key] = number
        return number

    def place(self, number: int) -> str:
        """Returns a site as ``file:line``."""
        for (place, _), known in self._numbers.items():
            if known == number:
                return "{}:{}".format(place[0], place[1])
        raise KeyError(number)

    def _kind(self, frame: FrameType) -> tuple[bool, bool, CodeType]:
        code = frame.f_code
        kind = self._kinds.get(id(code))
        if kind is None:
            top = frame.f_globals.get("__name__", "").partition(".")[0]
            kind = self._kinds[id(code)] = (is_users(code.co_filename), top in PACKAGES, code)
        return kind


def _source(place: _Place, frame: FrameType) -> str:
    """Returns the line of code at a place, cut to what anybody reads."""
    line = linecache.getline(place[0], place[1], frame.f_globals).strip()
    return line if len(line) <= _MOST else line[:_MOST] + "…"


def _named(place: _Place) -> dict[str, Any]:
    return dict(zip(("file", "line", "function"), place))

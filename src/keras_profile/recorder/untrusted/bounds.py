"""Reads files that may be truncated, absurd or no files at all, within limits of memory and time."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from typing import Any, Callable, Iterator

from ..protocol import RecorderError
from ..system import available_bytes

#: A member of an archive that is larger than this, and this many times larger than its compressed data, is
#: meant to fill the memory and not to be read: weights and inputs can hardly be compressed.
LARGE, EXPANSION = 1 << 28, 200
#: A whole number with more digits is not the size of anything, and takes Python quadratic time to read.
_MOST_DIGITS = 400
_CUT_SHORT = "it may be cut short, or only a pointer to a file kept elsewhere"


class Whose:
    """The file that an error is about: the start of its messages, their kind, and the usual advice."""

    def __init__(self, path: str, option: str, kind: str, advice: str = _CUT_SHORT) -> None:
        self.path = path
        self.option = option
        self.kind = kind
        self.advice = advice

    def wrong(self, text: str, advice: str | None = None) -> RecorderError:
        """Returns the error that says ``text`` about this file."""
        message = "{}: {} {}".format(self.option, self.path, text)
        return RecorderError(self.kind, message, self.advice if advice is None else advice)


@contextlib.contextmanager
def reading(whose: Whose, expected: str) -> Iterator[None]:
    """Turns whatever is raised within into an error that the file is not what was ``expected``.

    The libraries that read archives, arrays and models can raise almost anything for a broken one.
    """
    try:
        yield
    except RecorderError:
        raise
    except MemoryError as error:
        raise whose.wrong("needs more memory than is available; expected {}".format(expected)) from error
    except Exception as error:
        said = " ".join(str(error).split())[:300] or type(error).__name__
        raise whose.wrong("cannot be read; expected {}, found: {}".format(expected, said)) from error


def regular_size(whose: Whose) -> int:
    """Returns the size in bytes of a regular file. Raises :class:`RecorderError` if it is none.

    Nothing is opened: reading a pipe or a device may never end.
    """
    with reading(whose, "a file"):
        found = os.stat(whose.path)
    if not stat.S_ISREG(found.st_mode):
        raise whose.wrong(
            "is {}, expected a regular file".format(kind_of_file(found.st_mode)),
            "give the path of the file itself",
        )
    return found.st_size


def kind_of_file(mode: int) -> str:
    """Returns what something that may not be a file is, by its mode."""
    kinds: tuple[tuple[Callable[[int], bool], str], ...] = (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((text for is_kind, text in kinds if is_kind(mode)), "no file")


def check_path(whose: Whose) -> None:
    """Raises a :class:`RecorderError` for a link that leads nowhere, or in a circle."""
    if os.path.islink(whose.path) and not os.path.exists(whose.path):
        raise whose.wrong(
            "is a broken link to {}".format(os.readlink(whose.path)),
            "give the path of the file itself",
        )


def check_room(whose: Whose, size: int, what: str) -> None:
    """Raises a :class:`RecorderError` if ``size`` bytes are more than the machine has left."""
    left = available_bytes()
    if left is not None and size > left:
        raise whose.wrong(
            "holds {} of {}, but only {} of memory are free".format(as_size(size), what, as_size(left)),
            "use a smaller file, or free memory",
        )


def check_member(whose: Whose, info: Any) -> None:
    """Raises a :class:`RecorderError` if a member of an archive expands to an absurd size."""
    if info.file_size > LARGE and info.file_size > EXPANSION * max(info.compress_size, 1):
        raise whose.wrong(
            "is an archive whose member {} grows from {} to {} when read".format(
                info.filename, as_size(info.compress_size), as_size(info.file_size)
            ),
            "if this is intended, write the file again without compression",
        )


def members(whose: Whose, archive: Any, most: int) -> list[Any]:
    """Returns the members of an archive; each one stays in the folder that it is unpacked into."""
    found = list(archive.infolist())
    if len(found) > most:
        raise whose.wrong(
            "has {} members, expected at most {}".format(len(found), most),
            "check which program made it",
        )
    for info in found:
        parts = info.filename.replace("\\", "/").split("/")
        if ".." in parts or os.path.isabs(info.filename) or info.filename[1:2] == ":":
            raise whose.wrong(
                "has a member named {!r}, which would be unpacked outside of its folder".format(
                    info.filename
                ),
                "the file may be malicious: get it from another source",
            )
        check_member(whose, info)
    check_room(whose, sum(info.file_size for info in found), "data")
    return found


def parse_json(whose: Whose, text: str | bytes) -> Any:
    """Returns the JSON in ``text``, read as Keras will. Raises :class:`RecorderError` if it is none."""
    with reading(whose, "a configuration in JSON"):
        try:
            return json.loads(text, parse_int=_whole_number)
        except RecursionError as error:
            raise whose.wrong("has a configuration that is nested too deeply to be read") from error


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("a number of {} digits".format(len(digits)))
    return int(digits)


def as_size(size: int) -> str:
    """Returns a number of bytes in a readable form."""
    amount = float(size)
    for unit in ("bytes", "KB", "MB", "GB", "TB", "PB"):
        if amount < 1000 or unit == "PB":
            return "{:.0f} {}".format(amount, unit) if unit == "bytes" else "{:.1f} {}".format(amount, unit)
        amount /= 1000
    raise AssertionError("unreachable")

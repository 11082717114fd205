"""Safe standard output and error: everything printed goes through them.

Names from elsewhere cannot control the terminal, and characters that the encoding lacks are replaced. A
stream that is full, closed or without a reader is an error of one line; standard error stays silent.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ..errors import KerasProfileError
from ..recorder.protocol.visible import visible

#: Replacements of our characters in an encoding that lacks them. They keep a table's columns.
_INSTEAD = str.maketrans("█•→×–─━│…‘’“”µ", "#*>x---|~''\"\"u")

#: The name of the error handler that inserts them.
_PLAINLY = "keras_profile.plainly"


class ReaderGoneError(Exception):
    """The reader of standard output has stopped reading, as ``head`` does."""


class UnwritableError(KerasProfileError):
    """Standard output is closed, or full."""


class Stream(io.TextIOBase):
    """Writes text to ``raw``, a stream of the process; None means a closed one.

    With a ``name``, text that cannot be written raises :class:`UnwritableError` or
    :class:`ReaderGoneError`. Without one it is lost, as on standard error: nobody is left to tell.
    """

    def __init__(self, raw: Any, number: int, name: str = "", escapes: bool = True) -> None:
        self._raw = raw
        self._number = number
        self._name = name
        self._escapes = escapes
        self._failed = False

    @property
    def styled(self) -> Stream:
        """The same stream for text that a console has already escaped and styled."""
        return Stream(self._raw, self._number, self._name, escapes=False)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return getattr(self._raw, "encoding", None) or "utf-8"

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return bool(self._raw is not None and self._raw.isatty())

    def fileno(self) -> int:
        return self._number if self._raw is None else int(self._raw.fileno())

    def write(self, text: str) -> int:
        if self._escapes:
            text = visible(text)
        if text:
            shown = text.encode(self.encoding, _PLAINLY).decode(self.encoding)
            self._do("write", shown)
        return len(text)

    def flush(self) -> None:
        if self._raw is not None:
            self._do("flush")

    def end(self) -> None:
        """Drops unwritten text, about which Python would complain again when it ends."""
        if self._raw is None:
            return
        try:
            self._raw.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, self._raw.fileno())
                os.close(nowhere)

    def _do(self, what: str, *arguments: str) -> None:
        if self._failed:
            return
        try:
            if self._raw is None:
                raise ValueError("it is closed")
            getattr(self._raw, what)(*arguments)
        except BrokenPipeError:
            self._failed = True
            if self._name:
                raise ReaderGoneError from None
        except (OSError, ValueError) as error:  # a closed stream of Python's is a ValueError
            self._failed = True
            if self._name:
                raise UnwritableError(
                    f"{self._name} cannot be written to: {getattr(error, 'strerror', None) or error}",
                    "write it somewhere else, or use > FILE on a disk with free space",
                ) from error


@contextmanager
def doors() -> Iterator[None]:
    """Makes standard output and error a :class:`Stream` within the block."""
    before = sys.stdout, sys.stderr
    if isinstance(sys.stdout, Stream):
        yield
        return
    _keep_numbers()
    out, err = Stream(sys.stdout, 1, "standard output"), Stream(sys.stderr, 2)
    sys.stdout, sys.stderr = out, err
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        out.end()
        err.end()


def _keep_numbers() -> None:
    """Prevents our files from taking the number of a closed standard stream.

    The placeholder is closed in each process that is started, as it would be without us.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free


def _plainly(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    text = error.object[error.start : error.end].translate(_INSTEAD)
    return text.encode("ascii", "backslashreplace").decode("ascii"), error.end


codecs.register_error(_PLAINLY, _plainly)

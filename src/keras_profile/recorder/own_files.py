"""Files that the recorder opens in the middle of a program that may close any descriptor.

A program may close descriptors that it did not open, and gets their numbers for its own files. What is
done with a number has to know that it still stands for the recorder's file. The functions of :mod:`os`
cannot: each lets other threads run before and after the system call, so that an answer is old when it
arrives. On Linux, the C library is called with the interpreter's lock held, and the question and what
depends on it are one call for the interpreter: no line of the program runs in between.

Elsewhere, and before the program has loaded :mod:`ctypes` (NumPy does), the functions of :mod:`os` are used.
"""

from __future__ import annotations

import os
import stat
import sys

from .untouched import (
    close_file,
    cut_file,
    names_in,
    open_file,
    path_status_of,
    read_file_part,
    status_of,
    write_file,
)

TYPE_CHECKING = False  # that of typing, which Python does not import at its start
if TYPE_CHECKING:
    from typing import Any, Callable, Tuple

    #: A device and the number of a file on it.
    Identity = Tuple[int, int]

#: Flags of each file that is opened.
_FLAGS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | _FLAGS | _NO_LINK
AGAIN = os.O_WRONLY | os.O_APPEND | _FLAGS | _NO_LINK
APPENDED = os.O_WRONLY | os.O_CREAT | os.O_APPEND | _FLAGS | _NO_LINK
EMPTIED = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _FLAGS | _NO_LINK
_READ = os.O_RDONLY | _FLAGS
#: Descriptors that stay open are moved to numbers from here on, which programs rarely have or close, or
#: from half of the limit on.
_HIGH = 700
#: How much is read or written while no other thread of the interpreter runs.
_PART, _PAGE = 65536, 4096
#: How often a file is opened again that the program has closed meanwhile.
TRIES = 5


class Taken(OSError):
    """The program has closed the descriptor; its number may stand for another file."""

    def __init__(self, path: str) -> None:
        super().__init__(_number("EBADF"), "the program closed the descriptor", path)


class OwnFile:
    """An open regular file. Raises :class:`Taken` where the program has closed its descriptor."""

    def __init__(self, path: str, flags: int) -> None:
        self.path = path
        self._calls = _held_calls() or _Calls
        # Not asked of the number, which may be another file's already.
        status = None if flags & os.O_CREAT else _status_of_regular(path)
        number = self._calls.opened(path, flags)
        status = status or _status_of_regular(path)
        self.identity = (status.st_dev, status.st_ino)
        self._on = self._calls(number, self.identity, path)

    def move_up(self) -> None:
        """Gives the file a number out of the program's way, if the system has such numbers."""
        try:
            import resource
        except ImportError:
            return
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        high = _HIGH if most < 0 or most > 2 * _HIGH else most // 2
        try:
            moved = self._on.duplicate(high)
        except Taken:
            raise
        except (OSError, ValueError, ImportError):
            return  # there are no more numbers
        self._on.close()
        self._on = self._calls(moved, self.identity, self.path)

    @property
    def size(self) -> int:
        """How long the file is."""
        return int(path_status_of(self.path).st_size)

    def write(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            written = self._on.write(data[at : at + _PART])
            if not written:
                raise OSError(_number("EIO"), "nothing was written", self.path)
            at += written

    def read(self) -> bytes:
        """Returns the rest of the file."""
        parts = [self._on.read(_PART)]
        while parts[-1]:
            parts.append(self._on.read(_PART))
        return b"".join(parts)

    def read_once(self) -> bytes:
        """Returns what one call of the system gives, up to a page: all of a file that the kernel makes."""
        return self._on.read(_PAGE)

    def cut(self, size: int) -> None:
        self._on.cut(size)

    def close(self) -> None:
        """Closes the file, unless the program has done so."""
        self._on.close()


def _status_of_regular(path: str) -> os.stat_result:
    """Raises :class:`OSError` for what is no regular file: others may block."""
    status: os.stat_result = path_status_of(path)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(_number("EINVAL"), "no regular file", path)
    return status


def read_file(path: str) -> bytes:
    """Returns what is in a regular file. Raises :class:`OSError`."""
    data: bytes = _used(path, _READ, OwnFile.read)
    return data


def read_kernel_file(path: str) -> bytes:
    """Returns what is in a small file of the kernel, such as one in ``/proc``. Raises :class:`OSError`."""
    data: bytes = _used(path, _READ, OwnFile.read_once)
    return data


def write_file_whole(path: str, flags: int, data: bytes) -> None:
    """Writes ``data`` into a file that is opened with ``flags``. Raises :class:`OSError`."""
    _used(path, flags, lambda file: file.write(data))


def names_of(folder: str) -> list[str]:
    """Returns the names in a folder. Raises :class:`OSError`."""
    held = _held_calls()
    return list(names_in(folder)) if held is None else held.names_of(folder)


def _used(path: str, flags: int, use: Callable[[OwnFile], Any]) -> Any:
    left = TRIES
    while True:
        left -= 1
        file = OwnFile(path, flags)
        try:
            return use(file)
        except Taken:
            if not left:
                raise
        finally:
            file.close()


# --- what is done with a number ---


class _Calls:
    """A file's number, with the functions of :mod:`os`."""

    def __init__(self, number: int, identity: Identity, path: str) -> None:
        self.number = number
        self.identity = identity
        self.path = path

    @staticmethod
    def opened(path: str, flags: int) -> int:
        number: int = open_file(path, flags, 0o644)
        return number

    def _is_own(self) -> bool:
        try:
            status = status_of(self.number)
        except OSError:
            return False
        return (status.st_dev, status.st_ino) == self.identity

    def write(self, data: bytes) -> int:
        written: int = write_file(self._checked(), data)
        return written

    def read(self, size: int) -> bytes:
        data: bytes = read_file_part(self._checked(), size)
        return data

    def cut(self, size: int) -> None:
        cut_file(self._checked(), size)

    def duplicate(self, least: int) -> int:
        import fcntl

        return fcntl.fcntl(self._checked(), fcntl.F_DUPFD_CLOEXEC, least)

    def close(self) -> None:
        if self._is_own():
            close_file(self.number)

    def _checked(self) -> int:
        if not self._is_own():
            raise Taken(self.path)
        return self.number


class _Library:
    """Functions of the C library that are called with the interpreter's lock held.

    Raises :class:`AttributeError` or :class:`OSError` if they are not there, or are others than expected.
    """

    #: ``struct stat`` begins with the device and the file's number, in so many bytes, and is shorter than
    #: this. In ``struct dirent`` the name begins here. All on 64-bit Linux, with glibc and musl.
    IDENTITY_SIZE, STATUS_SIZE, NAME = 16, 512, 19

    def __init__(self, ctypes: Any) -> None:
        # Python has not imported these at its start.
        from functools import partial
        from operator import itemgetter, methodcaller
        from struct import Struct

        self.partial = partial
        self.packed = Struct("=QQ").pack
        self._call, self._result = methodcaller("__call__"), itemgetter(1)
        self.ctypes = ctypes
        library = ctypes.PyDLL(None, handle=ctypes.pythonapi._handle, use_errno=True)
        text, integer, unsigned = ctypes.c_char_p, ctypes.c_int, ctypes.c_uint
        address, size, whole = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64

        def function(name: str, result: Any, *arguments: Any) -> Any:
            found = library[name]
            found.argtypes, found.restype = arguments, result
            return found

        self.open_ = function("open", integer, text, integer, unsigned)
        self.read = function("read", ctypes.c_ssize_t, integer, address, size)
        self.write = function("write", ctypes.c_ssize_t, integer, text, size)
        self.cut = function("ftruncate", integer, integer, whole)
        self.control = function("fcntl", integer, integer, integer, integer)
        self.close = function("close", integer, integer)
        self.compare = function("memcmp", integer, address, text, size)
        self.names = function("scandir", integer, text, address, address, address)
        self.free = function("free", None, address)
        self.status = function("fstat", integer, integer, address)
        self._check(function("stat", integer, text, address))

    def first_result(self, steps: Any) -> tuple[int, int]:
        """Calls one function after the other until one returns something else than 0: its place, and that.

        If all return 0, that is the result, with the number of the functions. All of this is C code,
        between whose calls the interpreter runs no other thread and no signal handler.
        """
        results = enumerate(map(self._call, steps))
        found: tuple[int, int] = next(filter(self._result, results), (len(steps), 0))
        return found

    def _check(self, status_of_path: Any) -> None:
        """Compares what the library says of a file with what Python says."""
        found = self.ctypes.create_string_buffer(self.STATUS_SIZE)
        known = path_status_of("/")
        failed = status_of_path(b"/", found)
        if failed or found.raw[: self.IDENTITY_SIZE] != self.packed(known.st_dev, known.st_ino):
            raise OSError(_number("ENOSYS"), "the C library has another struct stat")


class _HeldCalls(_Calls):
    """A file's number, with functions of the C library."""

    library: _Library

    def __init__(self, number: int, identity: Identity, path: str) -> None:
        super().__init__(number, identity, path)
        library = self.library
        found = library.ctypes.create_string_buffer(library.STATUS_SIZE)
        # Each returns 0 if the number is the file's.
        self._questions = (
            library.partial(library.status, number, found),
            library.partial(library.compare, found, library.packed(*identity), library.IDENTITY_SIZE),
        )

    @classmethod
    def opened(cls, path: str, flags: int) -> int:
        number: int = cls.library.open_(os.fsencode(path), flags, 0o644)
        if number < 0:
            raise cls._error(path)
        return number

    def write(self, data: bytes) -> int:
        return self._asked(self.library.write, data, len(data))

    def read(self, size: int) -> bytes:
        place = self.library.ctypes.create_string_buffer(size)
        count = self._asked(self.library.read, place, size)
        return bytes(place.raw[:count])

    def cut(self, size: int) -> None:
        self._asked(self.library.cut, size)

    def duplicate(self, least: int) -> int:
        import fcntl

        return self._asked(self.library.control, fcntl.F_DUPFD_CLOEXEC, least)

    def close(self) -> None:
        try:
            self._asked(self.library.close)
        except Taken:
            return

    @classmethod
    def names_of(cls, folder: str) -> list[str]:
        ctypes = cls.library.ctypes
        entries = ctypes.POINTER(ctypes.c_void_p)()
        count = cls.library.names(os.fsencode(folder), ctypes.byref(entries), None, None)
        if count < 0:
            raise cls._error(folder)
        names = []
        for entry in entries[:count]:
            names.append(os.fsdecode(ctypes.string_at(entry + cls.library.NAME)))
            cls.library.free(entry)
        cls.library.free(entries)
        return [name for name in names if name not in (".", "..")]

    def _asked(self, function: Any, *arguments: Any) -> int:
        """Returns what ``function`` returns for the number, if that is still the file's."""
        library = self.library
        steps = (*self._questions, library.partial(function, self.number, *arguments))
        while True:
            step, result = library.first_result(steps)
            if step < len(self._questions):
                raise Taken(self.path)
            if result >= 0:
                return result
            error = self._error(self.path)
            if error.errno != _number("EINTR"):
                raise error

    @classmethod
    def _error(cls, path: str) -> OSError:
        code = cls.library.ctypes.get_errno()
        return OSError(code, os.strerror(code), path)


def _number(name: str) -> int:
    """The number of an error."""
    import errno

    number: int = getattr(errno, name)
    return number


#: Whether the library was looked for.
_IS_KNOWN: list[bool] = []


def _held_calls() -> type[_HeldCalls] | None:
    """What holds the interpreter's lock, once the program has :mod:`ctypes`."""
    if not _IS_KNOWN:
        ctypes = sys.modules.get("ctypes")
        if not sys.platform.startswith("linux") or not hasattr(ctypes, "pythonapi"):
            return None
        try:
            _HeldCalls.library = _Library(ctypes)
        except (AttributeError, OSError):  # another C library, or a processor with 32 bits
            _IS_KNOWN.append(False)
        else:
            _IS_KNOWN.append(True)
    return _HeldCalls if _IS_KNOWN[0] else None

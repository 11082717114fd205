"""Files that the recorder opens in the middle of a program that may close any descriptor.

A program may close descriptors that it did not open, and gets their numbers for its own files. What is
done with a number has to know that it still stands for the recorder's file. The functions of :mod:`os`
cannot: each lets other threads run before and after the system call, so that an answer is old when it
arrives. On Linux, the C library is called with the interpreter's lock held, and the question and what
depends on it are one call for the interpreter: no line of the program begins in between. (Calls of the
system that other threads have begun go on, and up to Python 3.11 the garbage collector may run.)

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
_FLAGS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | _FLAGS | _NO_LINK
AGAIN = os.O_WRONLY | os.O_APPEND | _FLAGS | _NO_LINK
APPENDED = os.O_WRONLY | os.O_CREAT | os.O_APPEND | _FLAGS | _NO_LINK
EMPTIED = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _FLAGS | _NO_LINK
_READ = os.O_RDONLY | _FLAGS
#: Descriptors that stay open are moved to numbers from here on, which programs rarely have or close, or
#: from half of the limit on.
_HIGH = 700
#: How much of a whole file is read or written while no other thread of the interpreter runs.
_PART = 65536
#: A first reading of a file that the kernel makes, and what it gives at least if there is more.
_PAGE, _FULL = 4096, 1024
#: How often a file is opened again that the program has closed meanwhile.
TRIES = 5


class Taken(OSError):
    """The program has closed the descriptor; its number may stand for another file."""

    def __init__(self, path: str) -> None:
        super().__init__(_errno("EBADF"), "the program closed the descriptor", path)


class OwnFile:
    """An open regular file. Raises :class:`Taken` where the program has closed its descriptor."""

    def __init__(self, path: str, flags: int) -> None:
        if not flags & os.O_CREAT and not stat.S_ISREG(path_status_of(path).st_mode):
            raise OSError(_errno("EINVAL"), "no regular file", path)
        self.path = path
        #: How many bytes of the last data were written.
        self.written = 0
        self._descriptor = (_held_descriptor() or _Descriptor).opened(path, flags)

    @property
    def identity(self) -> Identity:
        return self._descriptor.identity

    def move_up(self) -> None:
        """Gives the file a number out of the program's way, if the system has such numbers."""
        try:
            most = os.sysconf("SC_OPEN_MAX")
            moved = self._descriptor.duplicate(_HIGH if most < 0 or most > 2 * _HIGH else most // 2)
        except Taken:
            raise
        except (AttributeError, ImportError, OSError, ValueError):
            return  # there are no more numbers
        before, self._descriptor = self._descriptor, moved
        before.close()

    @property
    def size(self) -> int:
        """How long the file is."""
        return int(path_status_of(self.path).st_size)

    def write(self, data: bytes) -> None:
        """Writes ``data`` at once, as far as the system does."""
        self.written = 0
        while self.written < len(data):
            written = self._descriptor.write(data[self.written :] if self.written else data)
            if not written:
                raise OSError(_errno("EIO"), "nothing was written", self.path)
            self.written += written

    def read(self, first: int = _PART, full: int = 1) -> bytes:
        """Returns the rest of the file; it ends where fewer than ``full`` bytes are read."""
        parts = [self._descriptor.read(first)]
        while len(parts[-1]) >= full:
            parts.append(self._descriptor.read(_PART))
        return b"".join(parts)

    def cut(self, size: int) -> None:
        self._descriptor.cut(size)

    def close(self) -> None:
        """Closes the file, unless the program has done so."""
        self._descriptor.close()


def read_file(path: str) -> bytes:
    """Returns what is in a regular file. Raises :class:`OSError`."""
    data: bytes = used_file(path, _READ, OwnFile.read)
    return data


def read_kernel_file(path: str) -> bytes:
    """Returns what is in a small file of the kernel, such as one in ``/proc``. Raises :class:`OSError`."""
    data: bytes = used_file(path, _READ, lambda file: file.read(_PAGE, _FULL))
    return data


def write_file_whole(path: str, flags: int, data: bytes) -> None:
    """Writes ``data`` into a file that is opened with ``flags``. Raises :class:`OSError`."""

    def write(file: OwnFile) -> None:
        for at in range(0, len(data), _PART):
            file.write(data[at : at + _PART])

    used_file(path, flags, write)


def names_of(folder: str) -> list[str]:
    """Returns the names in a folder. Raises :class:`OSError`."""
    held = _held_descriptor()
    return list(names_in(folder)) if held is None else held.names_of(folder)


def used_file(path: str, flags: int, use: Callable[[OwnFile], Any]) -> Any:
    """Returns what ``use`` returns for a file that is opened, and opened again if the program closes it.

    Raises :class:`OSError`, and what ``use`` raises.
    """
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
        if flags & os.O_EXCL:  # it is there now, and is ours
            flags = flags & ~os.O_EXCL | os.O_TRUNC


# --- what is done with a number ---


class _Descriptor:
    """A file's number, with the functions of :mod:`os`."""

    def __init__(self, number: int, identity: Identity, path: str) -> None:
        self.number = number
        self.identity = identity
        self.path = path

    @classmethod
    def opened(cls, path: str, flags: int) -> _Descriptor:
        number: int = open_file(path, flags, 0o644)
        status = status_of(number)
        return cls(number, (status.st_dev, status.st_ino), path)

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

    def duplicate(self, least: int) -> _Descriptor:
        import fcntl

        number = fcntl.fcntl(self._checked(), fcntl.F_DUPFD_CLOEXEC, least)
        return _Descriptor(number, self.identity, self.path)

    def close(self) -> None:
        if self._is_own():
            close_file(self.number)

    def _checked(self) -> int:
        if not self._is_own():
            raise Taken(self.path)
        return self.number


class _Library:
    """Functions of the C library that are called with the interpreter's lock held.

    Raises :class:`AttributeError` if they are not there.
    """

    #: ``struct stat`` begins with the device and the file's number, in so many bytes, and is shorter than
    #: this. In ``struct dirent`` the name begins here. All on 64-bit Linux, with glibc and musl.
    IDENTITY_SIZE, STATUS_SIZE, NAME_BEGINS = 16, 512, 19
    #: https://man7.org/linux/man-pages/man2/F_DUPFD.2const.html
    DUPLICATE = 1030

    def __init__(self, ctypes: Any) -> None:
        # Python has not imported these at its start.
        from functools import partial
        from itertools import tee
        from operator import itemgetter, methodcaller
        from struct import Struct

        self.partial = partial
        pair = Struct("=QQ")
        self.packed, self._unpacked = pair.pack, pair.unpack_from
        self._tee, self._is_number = tee, (-1).__lt__
        self._call, self._result = methodcaller("__call__"), itemgetter(1)
        self.ctypes = ctypes
        library = ctypes.PyDLL(None, handle=ctypes.pythonapi._handle, use_errno=True)
        text, integer, unsigned = ctypes.c_char_p, ctypes.c_int, ctypes.c_uint
        address, size, whole = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64

        def function(name: str, result: Any, *arguments: Any) -> Any:
            found = library[name]
            found.argtypes, found.restype = arguments, result
            return found

        self._open = function("open", integer, text, integer, unsigned)
        self.read = function("read", ctypes.c_ssize_t, integer, address, size)
        self.write = function("write", ctypes.c_ssize_t, integer, text, size)
        self.cut = function("ftruncate", integer, integer, whole)
        self.control = function("fcntl", integer, integer, integer, integer)
        self.close = function("close", integer, integer)
        self.compare = function("memcmp", integer, address, text, size)
        self.names = function("scandir", integer, text, address, address, address)
        self.free = function("free", None, address)
        try:
            self.status = function("fstat", integer, integer, address)
        except AttributeError:  # before glibc 2.33: the first argument is the version of struct stat
            version = {"x86_64": 1, "aarch64": 0}.get(os.uname().machine, 3)
            self.status = partial(function("__fxstat", integer, integer, integer, address), version)

    def opened(self, path: str, flags: int) -> tuple[int, Identity]:
        """Returns a new number and the identity of its file. Raises :class:`OSError`."""
        while True:
            found = self.ctypes.create_string_buffer(self.STATUS_SIZE)
            # Both are one call for the interpreter. Without a number there is no question.
            opening = filter(self._is_number, map(self._open, [os.fsencode(path)], [flags], [0o644]))
            for_status, numbers = self._tee(opening)
            failed = next(map(self.status, for_status, [found]), None)
            if failed is None:
                self.fail(path)
                continue
            number = next(numbers)
            if failed:
                raise Taken(path)
            return number, self._unpacked(found.raw)

    def fail(self, path: str) -> None:
        """Raises the :class:`OSError` of the last call, but for an interrupted one."""
        code = self.ctypes.get_errno()
        if code != _errno("EINTR"):
            raise OSError(code, os.strerror(code), path)

    def first_result(self, steps: Any) -> tuple[int, int]:
        """Calls one function after the other until one returns something else than 0: its place, and that.

        If all return 0, that is the result, with the number of the functions. All of this is C code,
        between whose calls the interpreter runs no other thread and no signal handler.
        """
        results = enumerate(map(self._call, steps))
        found: tuple[int, int] = next(filter(self._result, results), (len(steps), 0))
        return found


class _HeldDescriptor(_Descriptor):
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
    def opened(cls, path: str, flags: int) -> _HeldDescriptor:
        number, identity = cls.library.opened(path, flags)
        return cls(number, identity, path)

    @classmethod
    def says_what_python_says(cls) -> bool:
        """Whether the library's ``struct stat`` is the expected one."""
        root = cls.opened("/", _READ)
        root.close()
        known = path_status_of("/")
        return root.identity == (known.st_dev, known.st_ino)

    def write(self, data: bytes) -> int:
        return self._asked(self.library.write, data, len(data))

    def read(self, size: int) -> bytes:
        place = self.library.ctypes.create_string_buffer(size)
        count = self._asked(self.library.read, place, size)
        return bytes(place.raw[:count])

    def cut(self, size: int) -> None:
        self._asked(self.library.cut, size)

    def duplicate(self, least: int) -> _HeldDescriptor:
        number = self._asked(self.library.control, self.library.DUPLICATE, least)
        return _HeldDescriptor(number, self.identity, self.path)

    def close(self) -> None:
        try:
            self._asked(self.library.close)
        except Taken:
            return

    @classmethod
    def names_of(cls, folder: str) -> list[str]:
        ctypes = cls.library.ctypes
        entries = ctypes.POINTER(ctypes.c_void_p)()
        while True:
            count = cls.library.names(os.fsencode(folder), ctypes.byref(entries), None, None)
            if count >= 0:
                break
            cls.library.fail(folder)
        names = []
        for entry in entries[:count]:
            names.append(os.fsdecode(ctypes.string_at(entry + cls.library.NAME_BEGINS)))
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
            # Another thread may be in os.closerange just now.
            if library.ctypes.get_errno() == _errno("EBADF"):
                raise Taken(self.path)
            library.fail(self.path)


def _errno(name: str) -> int:
    """The number of an error."""
    import errno

    code: int = getattr(errno, name)
    return code


#: Whether there is a library whose functions can be used, once that is known.
_FOUND: list[bool] = []


def _held_descriptor() -> type[_HeldDescriptor] | None:
    """What holds the interpreter's lock, once the program has :mod:`ctypes`."""
    if not _FOUND:
        ctypes = sys.modules.get("ctypes")
        if not sys.platform.startswith("linux") or not hasattr(ctypes, "pythonapi"):
            return None
        if getattr(getattr(ctypes, "__spec__", None), "_initializing", False):
            return None  # it is being imported
        try:
            _HeldDescriptor.library = _Library(ctypes)
            is_right = _HeldDescriptor.says_what_python_says()
        except Exception:  # another C library, 32 bits, or a program that forbids it by an audit hook
            _FOUND.append(False)
        else:
            _FOUND.append(is_right)
    return _HeldDescriptor if _FOUND[0] else None

"""The files of one recorded process, written as it runs: what is finished survives a kill.

Each line and each row is one ``write`` to a file opened for appending: nothing waits in a buffer of
the process. The folder is new, and so is each file in it: nobody else's files are written to.
A program may close any descriptor and get its number for a file of its own. So with each write,
the number is checked: it must still be that of the file (:mod:`..own_files`).
"""

from __future__ import annotations

import array
import errno
import json
import os
import struct
import sys
from typing import TYPE_CHECKING, Sequence

from ..own_files import AGAIN, EMPTIED, NEW, TRIES, OwnFile, Taken, write_file_whole
from ..protocol import CALL_ROW, PROGRAM_FILES
from ..protocol.visible import readable_json
from ..untouched import make_folder, reentrant_lock, remove, rename
from ..whole_file import put_in_place

if TYPE_CHECKING:
    from ..own_files import Identity
    from ..protocol.events import Event

#: At most this many processes may have had the same number.
_MOST_IMAGES = 10000


class ProcessFiles:
    """The folder of a process; it is made with the first event.

    Two processes may have the same number, in two containers, or one after the other: each has its own
    folder. What cannot be written raises ``OSError``, and nothing of it is left in the file.
    """

    def __init__(self, program: str, pid: int) -> None:
        self._program = program
        self._pid = pid
        self._folder: str | None = None
        self._row = struct.Struct(CALL_ROW).pack
        # A signal handler may write while a write is under way on the same thread.
        self._lock = reentrant_lock()
        self._files: dict[str, _AppendedFile] = {}

    @property
    def folder(self) -> str:
        """The folder, which is made when it is first asked for."""
        if self._folder is None:
            with self._lock:
                if self._folder is None:
                    self._folder = self._new_folder()
        return self._folder

    def event(self, event: Event) -> None:
        """Appends one line to ``process.jsonl``."""
        self._append(PROGRAM_FILES["process"], (event.to_json() + "\n").encode("utf-8", "replace"))

    def call(self, *fields: int) -> None:
        """Appends one row of :data:`..protocol.CALL_FIELDS`."""
        self._append(PROGRAM_FILES["calls"], self._row(*fields))

    def spans(self, group: int, codes: Sequence[int], times: Sequence[int]) -> None:
        """Appends the events of one call to the group's spans."""
        block = array.array("q", [len(codes)])
        block.extend(int(code) for code in codes)
        block.extend(int(time) for time in times)
        if sys.byteorder == "big":
            block.byteswap()
        self.group_folder(group)
        name = os.path.join(PROGRAM_FILES["groups"], str(group), PROGRAM_FILES["spans"])
        # There may be many groups: their files are not kept open.
        with self._lock:
            self._append(name, block.tobytes())
            self._files[name].close()

    def close(self) -> None:
        """Closes the files. What is written later opens them again."""
        with self._lock:
            for file in self._files.values():
                file.close()

    def group_folder(self, group: int) -> str:
        """Returns the folder for what instruments write for a group, and makes it if needed."""
        groups = os.path.join(self.folder, PROGRAM_FILES["groups"])
        folder = os.path.join(groups, str(group))
        for path in (groups, folder):
            try:
                make_folder(path)
            except FileExistsError:
                continue
        return folder

    def replace(self, name: str, content: object) -> None:
        """Writes a JSON file in place of an earlier one; readers see all of it or nothing."""
        path = os.path.join(self.folder, name)
        part = path + ".part"
        try:
            write_file_whole(part, EMPTIED, readable_json(json.dumps(content)).encode())
        except OSError:
            _remove(part)
            raise
        put_in_place(part, path, rename)

    def _append(self, name: str, data: bytes) -> None:
        with self._lock:
            file = self._files.get(name)
            if file is None:
                file = self._files[name] = _AppendedFile(os.path.join(self.folder, name))
            file.append(data)

    def _new_folder(self) -> str:
        name = os.path.join(self._program, "process-{}".format(self._pid))
        for image in range(1, _MOST_IMAGES):
            path = name if image == 1 else "{}-{}".format(name, image)
            try:
                make_folder(path)
            except FileExistsError:
                continue
            return path
        raise OSError(errno.EEXIST, "there are too many folders of processes of this number", name)


class _AppendedFile:
    """A new file that is appended to, whatever the program does with its descriptor."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: OwnFile | None = None
        self._identity: Identity | None = None
        self._size = 0

    def append(self, data: bytes) -> None:
        """Appends all of ``data`` or nothing."""
        is_torn = False
        for left in reversed(range(TRIES)):
            file = None
            try:
                file = self._opened()
                if is_torn:
                    file.cut(self._size)
                    is_torn = False
                file.write(data)
                break
            except Taken:
                is_torn = is_torn or (file is not None and file.written > 0)
                if self._file is file:
                    self._file = None
                if not left:
                    raise
            except OSError:
                if file is not None and file.written:
                    file.cut(self._size)
                raise
        self._size += len(data)

    def close(self) -> None:
        """Closes the file until it is appended to again."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _opened(self) -> OwnFile:
        if self._file is not None:
            return self._file
        file = OwnFile(self._path, NEW if self._identity is None else AGAIN)
        if self._identity is None:
            self._identity = file.identity
        elif file.identity != self._identity:
            file.close()
            raise OSError(errno.ESTALE, "the file was replaced by another", self._path)
        file.move_up()
        self._file = file
        return file


def _remove(path: str) -> None:
    try:
        remove(path)
    except OSError:
        return  # it was not made

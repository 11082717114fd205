"""The files of one recorded process, written as it goes: what is finished survives a kill.

Each line and each row is one ``write`` to a file opened for appending, so that threads
need no lock and nothing waits in a buffer of the process.
"""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING, Sequence

import numpy as np

from ..protocol import CALL_ROW, PROGRAM_FILES
from ..protocol.visible import write_json

if TYPE_CHECKING:
    from ..protocol.events import Event

_APPENDING = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)


class ProcessFiles:
    """The folder of a process; it is made with the first event."""

    def __init__(self, program: str, pid: int) -> None:
        self.folder = os.path.join(program, "process-{}".format(pid))
        self._row = struct.Struct(CALL_ROW).pack
        self._handles: dict[str, int] = {}

    def event(self, event: Event) -> None:
        """Appends one line to ``process.jsonl``."""
        os.write(self._handle(PROGRAM_FILES["process"]), (event.to_json() + "\n").encode())

    def call(self, *fields: int) -> None:
        """Appends one row of :data:`..protocol.CALL_FIELDS`."""
        os.write(self._handle(PROGRAM_FILES["calls"]), self._row(*fields))

    def spans(self, group: int, codes: Sequence[int], times: Sequence[int]) -> None:
        """Appends the events of one call to the group's spans."""
        name = os.path.join(PROGRAM_FILES["groups"], str(group), PROGRAM_FILES["spans"])
        block = np.concatenate([[len(codes)], codes, times]).astype("<i8")
        os.write(self._handle(name), block.tobytes())

    def group_folder(self, group: int) -> str:
        """The folder of what instruments write for a group, made if need be."""
        folder = os.path.join(self.folder, PROGRAM_FILES["groups"], str(group))
        os.makedirs(folder, exist_ok=True)
        return folder

    def replace(self, name: str, content: object) -> None:
        """Writes a JSON file in place of an earlier one, of which readers see all or nothing."""
        path = os.path.join(self.folder, name)
        with open(path + ".part", "w") as file:
            write_json(content, file)
        os.replace(path + ".part", path)

    def _handle(self, name: str) -> int:
        handle = self._handles.get(name)
        if handle is None:
            path = os.path.join(self.folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            handle = self._handles[name] = os.open(path, _APPENDING, 0o644)
        return handle

    def close(self) -> None:
        """Closes the files; in a forked child the parent's stay open in the parent."""
        handles, self._handles = self._handles, {}
        for handle in handles.values():
            os.close(handle)

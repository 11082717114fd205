"""The processes that a program starts: which are not recorded and why, and which outlive it.

The way a child is started can keep the recorder out. Those children matter only if they import
TensorFlow, which shows in their loaded libraries.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from ..model.program import NotRecorded
from ..recorder.protocol import FOLDER_VARIABLE

#: How often the children are checked, in seconds.
_EVERY_SECONDS = 1.0
#: A loaded library of this name is TensorFlow's.
_LIBRARY = "tensorflow"
#: Options of Python, by their letters, that keep the recorder from being turned on by the environment.
DEAF_OPTIONS = {
    "I": "-I, which makes Python ignore the environment",
    "E": "-E, which makes Python ignore the environment",
    "S": "-S, which skips the start file that turns the recorder on",
}
#: Options of Python that have a value in the next argument.
_WITH_VALUE = ("-W", "-X", "--check-hash-based-pycs")
#: A command is shown up to this many characters.
_SHOWN = 200


@dataclass
class _Child:
    process: psutil.Process
    command: list[str]
    environment: dict[str, str]
    has_tensorflow: bool = False


class OtherProcesses:
    """The known children of a program that is recorded into ``folder``."""

    def __init__(self, program: int, folder: Path, startup: Path) -> None:
        self._program = program
        self._folder = str(folder.resolve())
        self._startup = str(startup)
        self._children: dict[tuple[int, float], _Child] = {}
        self._next = 0.0

    def look(self) -> None:
        """Checks the present children, once in a while. They may end at any moment."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _EVERY_SECONDS
        try:
            found = psutil.Process(self._program).children(recursive=True)
        except psutil.Error:
            return
        for process in found:
            try:
                self._look_at(process)
            except (psutil.Error, OSError):  # it has ended, or is another user's
                continue

    def _look_at(self, process: psutil.Process) -> None:
        key = (process.pid, process.create_time())
        child = self._children.get(key)
        command = process.cmdline()
        if child is None or child.command != command:
            child = self._children[key] = _Child(process, command, process.environ())
        if not child.has_tensorflow and self._reason(child) is not None and hasattr(process, "memory_maps"):
            child.has_tensorflow = any(_LIBRARY in one.path for one in process.memory_maps())

    def not_recorded(self) -> list[NotRecorded]:
        """The children that imported TensorFlow and cannot have been recorded."""
        return [
            NotRecorded(child.process.pid, " ".join(child.command)[:_SHOWN], self._reason(child) or "")
            for child in self._children.values()
            if child.has_tensorflow
        ]

    def going_on(self) -> list[int]:
        """The Python processes that are recorded into the folder and still run, such as daemons."""
        found = []
        for process in psutil.process_iter():
            try:
                if "python" not in process.name().lower() or process.pid == os.getpid():
                    continue
                if process.environ().get(FOLDER_VARIABLE) == self._folder:
                    found.append(process.pid)
            except (psutil.Error, OSError):  # another user's, or it has just ended
                continue
        return found

    def _reason(self, child: _Child) -> str | None:
        """Why a child cannot be recorded; None if it can."""
        for option in _options(child.command):
            return f"it was started with {DEAF_OPTIONS[option]}"
        if child.environment.get(FOLDER_VARIABLE) != self._folder:
            return f"its environment lacks {FOLDER_VARIABLE}: it was started with other variables"
        if self._startup not in child.environment.get("PYTHONPATH", "").split(os.pathsep):
            return "it was started with another PYTHONPATH"
        return None


def _options(command: list[str]) -> list[str]:
    """The options of a Python command line that keep the recorder out, as letters.

    >>> _options(["python", "-uI", "-W", "ignore", "worker.py", "-S"])
    ['I']
    """
    found: list[str] = []
    rest = iter(command[1:])
    for argument in rest:
        if not argument.startswith("-") or argument.startswith(("-c", "-m")):
            break
        if argument in _WITH_VALUE:
            next(rest, None)
        elif not argument.startswith(("--", "-W", "-X")):
            found += [letter for letter in argument[1:] if letter in DEAF_OPTIONS]
    return found

"""Sends a recorder's events to the process that started it: at first on its standard output.

The recorder moves that to another descriptor before it loads any of the user's code, and writes a
mark where its events begin. From then on, what is printed goes to the log or to a terminal. This
works on all systems: only the standard descriptors have to be inherited.
"""

from __future__ import annotations

import os
import subprocess
import sys
from threading import RLock
from typing import IO, Any, Callable, Generator, Mapping, Sequence

from .descriptors import file_of
from .events import Event, decode

#: Far above the numbers that files get, and within the limit of each system.
_DESCRIPTOR = 200


def own_group() -> dict[str, Any]:
    """Returns the options of ``Popen`` for a process that no interrupt at the terminal reaches."""
    if hasattr(subprocess, "CREATE_NEW_PROCESS_GROUP"):
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


class Recorder:
    """A recorder that was started, and its events.

    What it prints goes to ``log``, a file that is open for appending, or to the ``terminal`` of that
    name. Raises :class:`OSError` if ``python`` cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: IO[bytes],
        stdin: int = subprocess.DEVNULL,
        terminal: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
    ) -> None:
        self._log = log
        # Random, so that no program can print it.
        self._mark = os.urandom(16).hex()
        self.process: subprocess.Popen[bytes] = subprocess.Popen(
            list(command) + [self._mark] + ([] if terminal is None else [terminal]),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=log,
            env=env,
            cwd=cwd,
            **own_group(),
        )

    def events(self) -> Generator[Event, None, None]:
        """Yields the events as they come, until the recorder ends. Other lines go to the log."""
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            yield from self._after_mark(lines)

    def _after_mark(self, lines: IO[bytes]) -> Generator[Event, None, None]:
        mark = (self._mark + "\n").encode()
        before = b""
        for line in lines:
            if line == mark:
                self._print(before[:-1])  # the mark is on its own line
                break
            self._print(before)
            before = line
        else:
            self._print(before)
        for line in lines:
            try:
                event = decode(line)
            except ValueError:
                self._print(line)
            else:
                if event is not None:
                    yield event

    def _print(self, text: bytes) -> None:
        if text:
            self._log.write(text)
            self._log.flush()


class Channel:
    """The recorder's side: from now on events go to ``report``, and printed text goes elsewhere."""

    def __init__(self, mark: str, terminal: str | None = None) -> None:
        self._lock = RLock()
        self._is_torn = False
        os.dup2(1, _DESCRIPTOR, inheritable=False)
        self._file = file_of(_DESCRIPTOR)
        if terminal is None:
            os.dup2(2, 1)
        else:
            shown = os.open(terminal, os.O_RDWR | os.O_NOCTTY)
            os.dup2(shown, 1)
            os.close(shown)
            # Python chose its buffering for the channel, not for the terminal.
            reconfigure: Callable[..., None] = getattr(sys.stdout, "reconfigure")  # noqa: B009 -- typed as TextIO
            reconfigure(line_buffering=True)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.close)
        self._write("\n" + mark)

    def report(self, event: Event) -> None:
        """Sends an event. Raises :class:`BrokenPipeError` if nobody reads, or if the descriptor is lost."""
        self._write(event.to_json())

    def close(self) -> None:
        """Closes it in a forked child, which is not a recorder: what it reports goes nowhere."""
        if self._is_there():
            os.close(_DESCRIPTOR)
        self._file = None

    def _write(self, line: str) -> None:
        with self._lock:
            if self._file is None:
                return
            if not self._is_there():
                raise BrokenPipeError("the descriptor of the recorder's events was closed by the program")
            # An exception may interrupt this: the incomplete text is then on its own line.
            data = (("\n" if self._is_torn else "") + line + "\n").encode()
            self._is_torn = True
            while data:
                data = data[os.write(_DESCRIPTOR, data) :]
            self._is_torn = False

    def _is_there(self) -> bool:
        return self._file is not None and file_of(_DESCRIPTOR) == self._file

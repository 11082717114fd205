"""What a process reports about itself: events, in the order they happened."""

from __future__ import annotations

import errno
import sys
from typing import TYPE_CHECKING

from ..protocol import events
from ..protocol.visible import visible

if TYPE_CHECKING:
    from .process_files import ProcessFiles

#: The errors for a full disk.
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


class Journal:
    """Writes events. Those before :meth:`begin` wait: a process may have nothing to report."""

    def __init__(self, files: ProcessFiles) -> None:
        self._files = files
        self._waiting: list[events.Event] = []
        self._failed = False
        #: What could not be written to the recording, since the disk was full.
        self._unwritten: str | None = None
        self.begun = False

    def begin(self, process: events.Process) -> None:
        """Makes the folder, and writes what the ``process`` is and the events so far."""
        self._files.event(process)
        self.begun = True
        waiting, self._waiting = self._waiting, []
        for event in waiting:
            self.tell(event)

    def tell(self, event: events.Event) -> None:
        if not self.begun:
            self._waiting.append(event)
            return
        try:
            if self._unwritten is not None:
                self._files.event(events.Announce(self._unwritten))
                self._unwritten = None
            self._files.event(event)
        except Exception as error:  # such as a full disk: the program does not fail because of it
            self.failed(error)

    def failed(self, error: Exception) -> None:
        """Reports once that the recorder failed; the program goes on. Raises nothing.

        The report goes to the recording as soon as that can be written, or to the program's stderr if
        there is no recording.
        """
        if self._failed:
            return
        self._failed = True
        try:
            text = "calls are missing in the recording: {}: {}".format(type(error).__name__, error)
            if isinstance(error, OSError) and error.errno in _FULL:
                text = "calls are missing in the recording: the disk was full ({})".format(error.strerror)
        except Exception:  # the error cannot even be shown: the str() of its class failed
            text = "calls are missing in the recording: " + type(error).__name__
        try:
            if self.begun:
                self._files.event(events.Announce(text))
                return
        except Exception:
            self._unwritten = text
            return
        say(text)

    def end(self) -> None:
        """Writes to the program's stderr, after its end, what could not be written to the recording."""
        text, self._unwritten = self._unwritten, None
        if text is not None:
            say(text)


def say(text: str) -> None:
    """Writes a line to the program's stderr, if there is one. Raises nothing."""
    try:
        sys.stderr.write("keras-profile: " + visible(text) + "\n")
    except Exception:
        # There is nowhere left to report it: the program has closed its stderr.
        return

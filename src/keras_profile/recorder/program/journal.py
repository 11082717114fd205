"""What a process tells of itself: events, in the order they happened."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..protocol import events

if TYPE_CHECKING:
    from .files import ProcessFiles


class Journal:
    """Writes events. What is told before :meth:`begin` waits: a process may have nothing to tell."""

    def __init__(self, files: ProcessFiles) -> None:
        self._files = files
        self._waiting: list[events.Event] = []
        self._failed = False
        self.begun = False

    def begin(self, process: events.Process) -> None:
        """Makes the folder, and writes what the ``process`` is and what was told so far."""
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
            self._files.event(event)
        except Exception as error:  # such as a full disk: the program does not fail for it
            self.failed(error)

    def failed(self, error: Exception) -> None:
        """Says, once, that the recorder failed: the program goes on all the same. Raises nothing.

        In the recording, or on the program's own stderr where nothing can be written to it.
        """
        if self._failed:
            return
        self._failed = True
        try:
            text = "calls are missing in the recording: {}: {}".format(type(error).__name__, error)
        except Exception:  # it cannot even be said: a str() of the error's own class failed
            text = "calls are missing in the recording: " + type(error).__name__
        try:
            if self.begun:
                self._files.event(events.Announce(text))
                return
        except Exception:
            # Nothing can be written to the recording: below it is said all the same.
            text += " (this could not be written to the recording either)"
        try:
            sys.stderr.write("keras-profile: " + text + "\n")
        except Exception:
            # There is nobody left to tell: the program has closed its stderr.
            return

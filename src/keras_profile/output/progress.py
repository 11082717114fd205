"""Shows the progress of a recording: which capture runs, and how much time is left."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.progress import BarColumn, Progress, TextColumn

from ..analysis.calls_under_way import sentence
from ..recorder.protocol import events
from .terminal import console, plain

#: Steps of the progress bar.
_WHOLE = 1000


class ProgressDisplay:
    """A listener for the recorder's events that draws to standard error.

    On a terminal it is a bar; elsewhere each announcement is a line. With ``quiet`` it shows only what the
    user must know. Without ``from_the_start`` it begins with the first event: until then something else
    uses the terminal.
    """

    def __init__(self, quiet: bool = False, from_the_start: bool = True) -> None:
        self._console = console(sys.stderr)
        self._quiet = quiet
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[left]}", markup=False),
            console=self._console,
            transient=True,
            disable=quiet or not self._console.is_terminal,
        )
        self._task = self._progress.add_task("starting", total=_WHOLE, left="")
        self._said: set[str] = set()
        self._reason = ("", "")  # for which a capture of what failed last
        self._stage = ""
        self._from_the_start = from_the_start

    def __enter__(self) -> ProgressDisplay:
        if self._from_the_start:
            self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def __call__(self, event: events.Event) -> None:
        if isinstance(event, events.Unfinished):
            # The program uses the terminal while it runs: print a line and draw no bar.
            if not self._quiet:
                self._say(sentence(event))
            return
        if not self._from_the_start:
            self._from_the_start = True
            self._progress.start()
        of = f"{event.of}: " if event.of else ""
        if isinstance(event, events.Stage):
            self._progress.update(self._task, description=f"{of}{event.text}", left="")
            self._line(f"{of}{event.text} …")
        elif isinstance(event, events.Trying):
            self._progress.update(
                self._task,
                description=f"{of}trying: {event.text}",
                completed=_WHOLE * event.number / event.of_all,
                left="",
            )
            self._line(f"{of}trying {event.of_all} changes …")
        elif isinstance(event, events.Announce):
            self._say(f"note: {of}{event.text}")
        elif isinstance(event, events.CaptureFailed):
            known, why = self._reason == (of, event.reason), f": {event.reason}; the others continue"
            self._reason = (of, event.reason)
            self._say(f"{of}the {event.capture} capture failed{' for the same reason' if known else why}")
        elif isinstance(event, events.Progress):
            left, whole = event.left_ns, max(event.budget_ns, event.left_ns)
            self._progress.update(
                self._task,
                description=f"{of}measuring: {event.capture}",
                completed=_WHOLE * (1 - left / whole) if whole else _WHOLE,
                left=f"{left / 1e9:.0f} s left",
            )
            self._line(f"{of}measuring for about {whole / 1e9:.0f} s …", stage=f"{of}measuring")

    def _say(self, text: str) -> None:
        """Always prints it, but only once."""
        if text not in self._said:
            self._said.add(text)
            self._progress.console.print(plain(text), soft_wrap=True)

    def _line(self, text: str, stage: str = "") -> None:
        """Prints it if there is no bar to show it, and once for each ``stage``, whose figures change."""
        stage = stage or text
        if not self._quiet and not self._console.is_terminal and stage != self._stage:
            self._stage = stage
            self._say(text)

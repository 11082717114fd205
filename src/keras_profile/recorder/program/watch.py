"""Watches a process for inference calls, from its start or the first ``with`` block to its end."""

from __future__ import annotations

import sys
from time import perf_counter_ns
from typing import TYPE_CHECKING

from ..protocol import events
from .call_recorder import CallRecorder
from .doing import ACTIVITY
from .importing import ImportWatch
from .process import FREE, RecordedProcess
from .wrapping import PACKAGES, Patches, watched_modules

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

    from ..protocol.requests import RecorderOptions
    from .groups import Groups
    from .process_files import ProcessFiles


class Watch:
    """What is put into a process, from :meth:`start` or :meth:`resume` to :meth:`end`.

    ``program`` is the folder of the program's recording.
    """

    def __init__(self, program: str, options: RecorderOptions) -> None:
        self.options = options
        #: What ended the program, as text, where that was an exception.
        self.raised: str | None = None
        #: Whether its calls were made again at its end.
        self.looked_closer = False
        #: Is called once TensorFlow or Keras was loaded.
        self.when_loaded: Callable[[], object] | None = None
        self._program = program
        self._paused_ns: int | None = None
        self._recorder = CallRecorder(RecordedProcess(program, options))
        self._patches = Patches(self._recorder)
        self._imports = ImportWatch(watched_modules(), self._begins, self._ends, self._loaded)

    @property
    def process(self) -> RecordedProcess:
        """The recording of this process; a forked child has another."""
        return self._recorder.process

    @property
    def forked(self) -> bool:
        return self.process.forked

    @property
    def files(self) -> ProcessFiles:
        return self.process.files

    @property
    def groups(self) -> Groups:
        return self.process.classifier.groups

    def start(self) -> None:
        self._imports.install()

    def resume(self) -> None:
        """Watches again, or for the first time, what :meth:`pause` let go."""
        self._paused_ns = None
        self._imports = ImportWatch(watched_modules(), self._begins, self._ends, self._loaded)
        self._imports.install()
        self.process.pause(False)
        if not set(PACKAGES).isdisjoint(sys.modules):
            self.process.start_sampling()

    def pause(self) -> None:
        """Lets go of everything in the process; what was recorded stays."""
        self._imports.remove()
        self._patches.remove()
        self._paused_ns = perf_counter_ns()
        self.process.pause()

    def forked_child(self) -> None:
        """In a child of a fork: what the parent has open is the parent's."""
        parent = self.process
        self._recorder.process = RecordedProcess(self._program, self.options, forked=True)
        try:
            parent.forsake()
        except Exception as error:
            self.process.failed(error)

    def end(self) -> None:
        """The program's own code is over: nothing is watched any more, all is written."""
        process = self.process
        if process.over:
            return
        process.over = True
        self._imports.remove()
        self._patches.remove()
        process.end(self._paused_ns or perf_counter_ns(), self.raised)

    def _begins(self, name: str, frame: Any) -> None:
        """A module begins to be imported: with the first package the stacks begin to matter."""
        process = self.process
        try:
            if name in PACKAGES and process.thread.level == FREE:
                process.doing.begin(frame, ACTIVITY, "import")
                process.start_sampling()
        except Exception as error:
            process.failed(error)

    def _ends(self, name: str, frame: Any) -> None:
        try:
            self.process.doing.end(frame)
        except Exception as error:
            self.process.failed(error)

    def _loaded(self, name: str, module: ModuleType, begin_ns: int, end_ns: int) -> None:
        """Watches a module that the program just imported. No failure here is one of the import."""
        try:
            if name not in PACKAGES:
                self._patches.apply(name, module)
                return
            if end_ns > begin_ns and self.process.thread.level == FREE:
                process = self.process
                if process.thread.number < 0:
                    process.number_thread()
                process.imported(begin_ns, end_ns)
                process.journal.tell(
                    events.Activity(
                        kind="import",
                        name=name,
                        where="",
                        begin_ns=begin_ns,
                        wall_ns=end_ns - begin_ns,
                        thread=process.thread.number,
                    )
                )
            if self.when_loaded is not None:
                self.when_loaded()
        except Exception as error:
            self.process.failed(error)

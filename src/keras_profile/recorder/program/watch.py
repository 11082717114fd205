"""Watches a process for inference calls, from its start or the first ``with`` block to its end."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from ..isolated_imports import IsolatedImports
from ..protocol import events
from ..untouched import perf_counter_ns, thread_time_ns
from .beginning import FREE, Beginning, now
from .doing import ACTIVITY
from .importing import ImportWatch
from .wrapping import PACKAGES, Patches, watched_modules

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

    from ..protocol.requests import RecorderOptions
    from .beginning import Began
    from .call_recorder import CallRecorder
    from .groups import Group
    from .process import RecordedProcess
    from .process_files import ProcessFiles


class Watch:
    """What is installed in a process, from :meth:`start` or :meth:`resume` to :meth:`end`.

    ``program`` is the folder of the program's recording.
    """

    def __init__(
        self, program: str, options: RecorderOptions, began: Began | None = None, forked: bool = False
    ) -> None:
        self.options = options
        #: Called each time TensorFlow or Keras was loaded.
        self.when_loaded: Callable[[], object] | None = None
        self._program = program
        self._paused_ns: int | None = None
        self.beginning = Beginning(program, options, began or now(), forked)
        #: What records its calls, once Keras or TensorFlow is imported.
        self._process: RecordedProcess | None = None
        self._recorder: CallRecorder | None = None
        self._new_process: Callable[[Beginning], RecordedProcess] | None = None
        self._patches: Patches | None = None
        self._imports = ImportWatch(watched_modules(), self._begins, self._ends, self._loaded)

    @property
    def process(self) -> RecordedProcess:
        """What has recorded calls; it is there if there are :attr:`groups`."""
        assert self._process is not None
        return self._process

    @property
    def forked(self) -> bool:
        return self.beginning.forked

    @property
    def files(self) -> ProcessFiles:
        return self.beginning.files

    @property
    def groups(self) -> list[Group]:
        """The groups of calls so far."""
        return [] if self._process is None else self._process.classifier.groups.all

    def start(self) -> None:
        self._imports.install()

    def resume(self) -> None:
        """Watches the process for the first time, or again after :meth:`pause`."""
        self._paused_ns = None
        self._imports = ImportWatch(watched_modules(), self._begins, self._ends, self._loaded)
        self._imports.install()
        self.beginning.pause(False)
        if not set(PACKAGES).isdisjoint(sys.modules):
            self.beginning.start_sampling()

    def pause(self) -> None:
        """Removes everything from the process; what was recorded stays."""
        self._let_go()
        self._paused_ns = perf_counter_ns()
        self.beginning.pause()

    # --- a process that is recorded in windows ---

    def prepare(self) -> None:
        """Loads what records calls, and watches nothing yet. Raises :class:`ImportError` without numpy."""
        self.get_ready()
        self.process.over = True

    @property
    def is_busy(self) -> bool:
        """Whether a call from before :meth:`end_window` still has an instrument in place."""
        return self._process is not None and self._process.instruments.lock.locked()

    def begin_window(self, program: str) -> None:
        """Records from now on into the folder ``program``."""
        if self._process is not None:
            self._process.files.close()  # a call that outlived the last window may have opened them
        self.beginning = Beginning(program, self.options, now(), self.forked, threading.main_thread())
        self.get_ready()
        self.resume()

    def end_window(self, wait: Callable[[], bool], raised: str | None = None) -> None:
        """Removes everything from the process and writes what is left of the window.

        New calls are not recorded any more. Those under way are waited for as long as ``wait()``, which
        takes a moment, returns True. ``raised`` is what ended the program, if it has ended.
        """
        process = self.process
        process.over = True
        self._let_go()
        while process.flying and wait():
            pass
        process.end(perf_counter_ns(), raised, "the window ended" if raised is None else "the program ended")
        process.files.close()

    def forsake_window(self) -> None:
        """In a forked child: leaves the parent's window, if there is one, to the parent."""
        parent = self._process
        self.beginning = Beginning(self._program, self.options, now(), forked=True)
        if parent is not None:
            self.prepare()
            parent.over = True
            parent.forsake()
        self._imports.remove()
        if self._patches is not None:
            self._patches.forsake()

    def forked_child(self) -> None:
        """Begins again in a forked child: what the parent has open is the parent's."""
        parent = self._process
        self.beginning = Beginning(self._program, self.options, now(), forked=True)
        self._process = None
        if parent is not None:
            self.get_ready()
            try:
                parent.forsake()
            except Exception as error:
                self.process.failed(error)

    def end(self, raised: str | None = None) -> None:
        """Stops watching and writes everything, since the program's own code has ended.

        ``raised`` is what ended it, if that was an exception.
        """
        process = self._process
        if process is None:  # no call can have been made
            self._let_go()
            self.beginning.end()
        elif not process.over:
            process.over = True
            self._let_go()
            process.end(self._paused_ns or perf_counter_ns(), raised)

    def _let_go(self) -> None:
        """Removes everything from the process."""
        self._imports.remove()
        if self._patches is not None:
            self._patches.remove()

    def get_ready(self) -> CallRecorder:
        """Makes what records calls, once numpy can be imported without the program noticing."""
        if self._recorder is None or self._new_process is None:
            with IsolatedImports():
                from .call_recorder import CallRecorder
                from .process import RecordedProcess
            self._new_process = RecordedProcess
            self._process = RecordedProcess(self.beginning)
            self._recorder = CallRecorder(self._process)
        else:
            self._recorder.process = self._process = self._new_process(self.beginning)
        return self._recorder

    def _put_in(self, name: str, module: ModuleType) -> None:
        """Watches the functions of a module."""
        if self._patches is None:
            recorder = self._recorder or self.get_ready()
            self._patches = Patches(recorder)
        self._patches.apply(name, module)

    def _begins(self, name: str, frame: Any) -> None:
        """Notes that a module begins to be imported: from the first package on, the stacks matter."""
        beginning = self.beginning
        try:
            if name in PACKAGES and beginning.thread.level == FREE:
                beginning.doing.begin(frame, ACTIVITY, "import")
                beginning.start_sampling()
        except Exception as error:
            beginning.journal.failed(error)

    def _ends(self, name: str, frame: Any) -> None:
        try:
            self.beginning.doing.end(frame)
        except Exception as error:
            self.beginning.journal.failed(error)

    def _loaded(self, name: str, module: ModuleType, begin_ns: int, end_ns: int) -> None:
        """Watches a module that the program just imported. A failure here does not fail the import."""
        beginning, begin = self.beginning, thread_time_ns()
        try:
            if name not in PACKAGES:
                self._put_in(name, module)
            elif end_ns > begin_ns and beginning.thread.level == FREE:
                if beginning.thread.number < 0:
                    beginning.number_thread()
                beginning.imported(begin_ns, end_ns)
                beginning.journal.tell(
                    events.Activity(
                        kind="import",
                        name=name,
                        where="",
                        begin_ns=begin_ns,
                        wall_ns=end_ns - begin_ns,
                        thread=beginning.thread.number,
                    )
                )
            if name in PACKAGES and self.when_loaded is not None:
                self.when_loaded()
            beginning.allowance.note("starting", thread_time_ns() - begin)
        except Exception as error:
            beginning.journal.failed(error)

"""Watches a process from its start on, before it has imported what its calls need.

Nothing here needs numpy: the program is to import that itself.
"""

from __future__ import annotations

import os
import platform
import sys
import threading
from typing import TYPE_CHECKING, Any, Callable, Tuple

from .. import system
from ..protocol import PROGRAM_FILES, events
from ..untouched import getcwd, getpid, perf_counter_ns, process_time_ns, wall_time
from .allowance import Allowance
from .doing import Doing
from .journal import Journal
from .process_files import ProcessFiles
from .sampler import Sampler
from .shared_grace import SharedGrace

if TYPE_CHECKING:
    from ..protocol.requests import RecorderOptions

#: When a process began: the time in s, the clock in ns, its processor time in ns.
Began = Tuple[float, int, int]

#: How deep a thread is: free, in training, in an inference call.
FREE, IN_TRAINING, CALL = 0, 1, 2


def now() -> Began:
    """Reads the clocks for a process that is watched from now on."""
    return wall_time(), perf_counter_ns(), process_time_ns()


class ThreadState(threading.local):
    """What is known about the calling thread: how deep it is, its number, the group of its call.

    ``awaits`` is the call whose result is wanted, None if there is none.
    """

    level = FREE
    number = -1
    group = -1
    awaits: Any = None


class Beginning:
    """A process from its start on: its files, its threads, where they are, what it imports.

    ``program`` is the folder of the program's recording. Nothing is written before :meth:`begin`. The first
    ``thread`` is the calling one if none is given.
    """

    def __init__(
        self,
        program: str,
        options: RecorderOptions,
        began: Began,
        forked: bool,
        thread: threading.Thread | None = None,
    ) -> None:
        self.options = options
        self.forked = forked
        self.pid = getpid()
        self.began = began
        self.files = ProcessFiles(program, self.pid)
        self.journal = Journal(self.files)
        # Once for calls, once for one-off work.
        grace = SharedGrace(os.path.join(program, PROGRAM_FILES["grace"]), 2 * options.grace_ns)
        self.allowance = Allowance(options.share, options.grace_ns, begin_ns=began[1], claim=grace.claim)
        self.doing = Doing()
        self.thread = ThreadState()
        first = thread or threading.current_thread()
        self.threads = {first.ident or 0: 0}
        #: Called about once a second while the process lives.
        self.each_second: Callable[[], object] | None = None
        self._thread_names = [first.name]
        self._lock = threading.Lock()
        self._sampler: Sampler | None = None
        self._imported: list[tuple[int, int]] = []  # when each began and ended
        self._is_over = False

    def begin(self) -> None:
        """Makes the folder at the first call: a process without calls leaves nothing."""
        with self._lock:
            if self.journal.begun:
                return
            self.journal.begin(
                events.Process(
                    pid=self.pid,
                    parent=system.parent_pid(),
                    argv=list(getattr(sys, "argv", [])),
                    executable=sys.executable,
                    python=platform.python_version(),
                    folder=_working_folder(),
                    forked=self.forked,
                    time=self.began[0],
                    began_ns=self.began[1],
                    boot=system.boot_id(),
                )
            )
            for number, name in enumerate(self._thread_names):
                self.journal.tell(events.Thread(number, name))
        self.start_sampling()

    def number_thread(self) -> None:
        """Gives the calling thread its number."""
        ident, name = threading.get_ident(), threading.current_thread().name
        with self._lock:
            # The idents of threads that have ended are used again.
            if ident not in self.threads or self._thread_names[self.threads[ident]] != name:
                self.threads[ident] = len(self._thread_names)
                self._thread_names.append(name)
                self.journal.tell(events.Thread(self.threads[ident], name))
            self.thread.number = self.threads[ident]

    def start_sampling(self) -> None:
        """Begins to sample the stacks, once. Samples are kept, and written from the first call on."""
        with self._lock:
            if self._sampler is not None or self._is_over:
                return
            self._sampler = Sampler(
                self.files,
                self.doing,
                self.threads,
                self.allowance,
                files_are_there=lambda: self.journal.begun,
                written=self._written,
                failed=self.journal.failed,
            )
            self._sampler.start()

    def pause(self, paused: bool = True) -> None:
        """Stops sampling for a while, or goes on."""
        if self._sampler is not None:
            self._sampler.leave_alone(paused)

    def imported(self, begin_ns: int, end_ns: int) -> None:
        """Counts an import of Keras or TensorFlow, including those within it."""
        self._imported = [one for one in self._imported if one[0] < begin_ns] + [(begin_ns, end_ns)]

    @property
    def importing_ns(self) -> int:
        """How long imports of Keras and TensorFlow have taken so far."""
        return sum(end - begin for begin, end in self._imported)

    def end(self) -> None:
        """Writes the samples, since the program's own code has ended."""
        self._is_over = True
        if self._sampler is not None:
            self._sampler.stop()

    def _written(self) -> None:
        if self.each_second is not None:
            self.each_second()


def _working_folder() -> str:
    """Returns the process's working folder, empty if that was removed."""
    try:
        return str(getcwd())
    except OSError:
        return ""

"""Samples where a program's threads are, by looking at all stacks now and then."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Callable, Mapping

from .. import system
from ..protocol import PROGRAM_FILES, STACKS_SCHEMA
from ..untouched import (
    allocate_lock,
    get_ident,
    perf_counter_ns,
    process_time_ns,
    start_new_thread,
    thread_time_ns,
)
from .stack_tree import StackTree

if TYPE_CHECKING:
    from .allowance import Allowance
    from .doing import Doing
    from .process_files import ProcessFiles

#: The least time between two looks, and the most if looking is expensive.
LEAST_INTERVAL_NS, MOST_INTERVAL_NS = 10000000, 500000000
#: The shares of the time that looking and writing may take.
SHARE_OF_LOOKING, SHARE_OF_WRITING = 0.01, 0.003
#: The least time between two writes: a program that is killed leaves most of what was seen.
WRITING_NS = 1000000000
#: How long the end waits for the thread.
_ENDING_S = 2.0


class Sampler:
    """A thread that looks at the stacks of other threads: the main one, and those that make calls.

    ``threads`` has their numbers by ident, ``doing`` their watched work. ``written`` is called each
    time the file was written, ``failed`` with what went wrong. Nothing is written before
    ``files_are_there``. It is not a thread of :mod:`threading`: the program does not see it.
    """

    def __init__(
        self,
        files: ProcessFiles,
        doing: Doing,
        threads: Mapping[int, int],
        allowance: Allowance,
        files_are_there: Callable[[], bool],
        written: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._files = files
        self._doing = doing
        self._threads = threads
        self._allowance = allowance
        self._files_are_there = files_are_there
        self._written = written
        self._failed = failed
        self.tree = StackTree()
        self.ticks = 0
        self._interval_ns = float(LEAST_INTERVAL_NS)
        #: By thread: how long it had been at watched work, and the last node outside such work.
        self._threads_last: dict[int, tuple[int, int]] = {}
        self._last: tuple[int, int] | None = None  # the clock at the last look, and the wanted time
        self._began_ns = self._paused_ns = 0
        self._asked_to_pause = False
        self._paused_at: int | None = None
        self._cost_ns = 0.0  # of a look, averaged over recent ones
        self._writing_ns = float(WRITING_NS)
        self._stop = allocate_lock()  # held while the thread is to go on
        self._done = allocate_lock()  # held while the thread lives

    # --- from its beginning to its end ---

    def start(self) -> None:
        self._began_ns = perf_counter_ns()
        self._last = (self._began_ns, _wanted_ns())
        self._stop.acquire()
        self._done.acquire()
        try:
            start_new_thread(self._run, ())
        except RuntimeError as error:  # there can be no more threads
            self._done.release()
            self._failed(error)

    def leave_alone(self, paused: bool) -> None:
        """Stops looking for a while, or goes on."""
        self._asked_to_pause = paused
        self._pause(paused)

    def _pause(self, paused: bool) -> None:
        now = perf_counter_ns()
        if paused and self._paused_at is None:
            self._paused_at = now
        elif not paused and self._paused_at is not None:
            self._paused_ns += now - self._paused_at
            self._last = (now, _wanted_ns())
            self._paused_at = None

    def stop(self) -> None:
        """Ends the thread and writes what it saw."""
        if self._stop.locked():
            self._stop.release()
        if self._done.acquire(True, _ENDING_S):
            self._done.release()
        if self._files_are_there():
            self._try_to_write()

    def _run(self) -> None:
        try:
            written = self._began_ns
            while not self._stop.acquire(True, self._interval_ns / 1e9):
                self._pause(self._asked_to_pause or _is_profiled())
                if self._paused_at is not None:
                    continue
                # Its own processor time is what it takes from the program: the rest is waiting.
                begin = thread_time_ns()
                self.look()
                cost = thread_time_ns() - begin
                self._allowance.interrupt("sampling", cost)
                self._slow_down(cost)
                if perf_counter_ns() - written > self._writing_ns and self._files_are_there():
                    begin = thread_time_ns()
                    self._try_to_write()
                    cost = thread_time_ns() - begin
                    self._allowance.interrupt("sampling", cost)
                    self._writing_ns = max(WRITING_NS, cost / SHARE_OF_WRITING)
                    written = perf_counter_ns()
                    self._written()
        except Exception as error:
            self._failed(error)
        finally:
            self._done.release()

    def _slow_down(self, cost_ns: int) -> None:
        """Looks as often as the share of time for looking allows."""
        self._cost_ns = cost_ns if not self._cost_ns else 0.9 * self._cost_ns + 0.1 * cost_ns
        self._interval_ns = min(max(LEAST_INTERVAL_NS, self._cost_ns / SHARE_OF_LOOKING), MOST_INTERVAL_NS)

    # --- what it does ---

    def look(self) -> None:
        """Looks once at every thread; the time since the last look goes to what is seen.

        How much of that was watched work is known. Only the rest goes to what is seen outside such
        work, or was last seen there.
        """
        now = perf_counter_ns()
        self.ticks += 1
        # Nothing before this may wait, as reading a file does: the program would go on, and be seen later
        # than the time that it is given.
        seen = self._seen(now)
        cpu = _wanted_ns()
        last = self._last
        self._last = (now, cpu)
        wall_ns, cpu_ns = (0, 0) if last is None else (now - last[0], cpu - last[1])
        for ident, node, watched, took_ns in seen:
            before_ns, outside = self._threads_last.get(ident, (took_ns, 0))
            at_work_ns = min(max(took_ns - before_ns, 0), wall_ns)
            outside = outside if watched else node
            self._threads_last[ident] = (took_ns, outside)
            cpu_at_work = cpu_ns * at_work_ns // wall_ns if wall_ns else 0
            if watched:
                self.tree.add(node, at_work_ns, cpu_at_work)
            if outside:
                self.tree.add(outside, wall_ns - at_work_ns, cpu_ns - cpu_at_work)

    def _seen(self, now: int) -> list[tuple[int, int, bool, int]]:
        """Returns the ident of each thread, its node, whether it is at watched work, and for how long."""
        own = get_ident()
        found = []
        frames = sys._current_frames()
        try:
            for ident, number in list(self._threads.items()):
                frame = frames.get(ident)
                if frame is not None and ident != own:
                    node, watched = self.tree.seen(number, frame, self._doing.of(ident))
                    found.append((ident, node, watched, self._doing.took_ns(ident, now)))
                del frame
        finally:
            # Frames keep the variables of functions alive.
            frames.clear()
        return found

    def _try_to_write(self) -> None:
        try:
            self.write()
        except OSError as error:  # such as a full disk: there may be room again
            self._failed(error)

    def write(self) -> None:
        """Writes what was seen so far."""
        content: dict[str, Any] = {
            "schema": STACKS_SCHEMA,
            "began_ns": self._began_ns,
            "last_ns": self._began_ns if self._last is None else self._last[0],
            "paused_ns": self._paused_ns,
            "ticks": self.ticks,
        }
        content.update(self.tree.content())
        self._files.replace(PROGRAM_FILES["stacks"], content)


def _is_profiled() -> bool:
    """Whether the program has a profiler that sees all threads, including this one: from Python 3.12 on."""
    monitoring = getattr(sys, "monitoring", None)
    return monitoring is not None and monitoring.get_tool(monitoring.PROFILER_ID) is not None


def _wanted_ns() -> int:
    """Returns the processor time of the process, plus the time that its main thread waited for a processor.

    Without the latter, a line on a busy machine would seem to wait.
    """
    ns: int = process_time_ns() + (system.waited_ns() or 0)
    return ns

"""A group's calls on the thread of a running event loop: how long nothing else in the loop ran."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from ..frameworks.event_loops import Waiting, coroutine_frame, current_task, running_loop, waiting
from ..user_frames import users_frame

if TYPE_CHECKING:
    from types import FrameType

#: Calls follow each other if the gap between them is at most this part of the previous call.
_GAP_SHARE = 0.1


class _Run(threading.local):
    """The calls that followed each other on a thread so far, and those with nothing in between."""

    base = -1
    end_ns = wall_ns = 0
    waiting: Waiting | None = None
    task = 0
    tasks: frozenset[int] = frozenset()
    blocked_ns = blocked_calls = 0


_RUN = _Run()


class LoopCalls:
    """What is known about a group's calls that block a loop. ``base`` is its number for any shapes."""

    def __init__(self, base: int) -> None:
        self._base = base
        self._coroutine: str | None = None
        self._where = ""
        self._calls = self._total_ns = 0
        self._longest = (0, 0)  # ns, calls
        self._tasks = 0
        self._waited = 0
        self._most_waiting: int | None = None

    def arrived(self, frame: FrameType) -> CallOnLoop | None:
        """Returns what counts a call from ``frame``; None if the call blocks no loop."""
        loop = running_loop()
        if loop is None or self._coroutine == "":
            return None
        if self._coroutine is None:
            # A library's coroutine may call the user's own function, which runs on the loop, too.
            found = users_frame(coroutine_frame(frame)) or coroutine_frame(frame)
            self._coroutine = "" if found is None else found.f_code.co_name
            if found is not None:
                self._where = "{}:{}".format(found.f_code.co_filename, found.f_lineno)
        return CallOnLoop(self, loop) if self._coroutine else None

    def add(
        self, task: int, begin_ns: int, end_ns: int, before: Waiting | None, after: Waiting | None
    ) -> None:
        """Counts a call of a task; ``before`` and ``after`` say what was ready for the loop then."""
        run = _RUN
        if run.base != self._base or begin_ns - run.end_ns > _GAP_SHARE * run.wall_ns:
            run.base, run.tasks, run.blocked_calls = self._base, frozenset(), 0
        if not run.blocked_calls or _had_its_turn(run.waiting, before, task == run.task):
            run.blocked_ns, run.blocked_calls = begin_ns, 0
        run.blocked_calls += 1
        run.task, run.tasks = task, run.tasks | {task}
        run.end_ns, run.wall_ns, run.waiting = end_ns, end_ns - begin_ns, after
        self._calls += 1
        self._total_ns += end_ns - begin_ns
        if after is not None:
            self._waited += after.ready > 0
            self._most_waiting = max(self._most_waiting or 0, after.ready)
        self._longest = max(self._longest, (end_ns - run.blocked_ns, run.blocked_calls))
        self._tasks = max(self._tasks, len(run.tasks))

    def describe(self) -> dict[str, Any] | None:
        """Returns the workload's fact ``event_loop``, None if no call was on a loop's thread."""
        if not self._calls:
            return None
        longest_ns, longest_calls = self._longest
        return {
            "coroutine": self._coroutine,
            "where": self._where,
            "calls": self._calls,
            "total_ns": self._total_ns,
            "longest_ns": longest_ns,
            "longest_calls": longest_calls,
            "tasks_in_a_row": self._tasks,
            "waited": self._waited,
            "most_waiting": self._most_waiting,
        }


def _had_its_turn(after: Waiting | None, before: Waiting | None, same_task: bool) -> bool:
    """Whether the loop ran more than the next call's own task between two calls.

    ``after`` is what was ready at the end of the first, ``before`` at the beginning of the next.
    """
    if after is None or before is None:
        return False
    if same_task:
        return before.ready < after.ready or before.next[:1] != after.next[:1]
    # If nothing was ready, the loop made the next call's task ready itself.
    return not after.next or before.next[:1] != after.next[1:2]


class CallOnLoop:
    """A call that ``loop`` waits for."""

    def __init__(self, calls: LoopCalls, loop: Any) -> None:
        self._calls = calls
        self._loop = loop
        self._before = waiting(loop)

    def made(self, begin_ns: int, end_ns: int) -> None:
        """Counts the call, on the thread that made it."""
        loop = self._loop
        self._calls.add(id(current_task(loop)), begin_ns, end_ns, self._before, waiting(loop))

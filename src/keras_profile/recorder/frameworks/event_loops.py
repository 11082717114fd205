"""asyncio: which loop runs on a thread, what runs in it, and what waits for it meanwhile."""

from __future__ import annotations

import inspect
import selectors
import sys
import weakref
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from types import FrameType

#: Flags of the code that a coroutine is made of.
_COROUTINE = inspect.CO_COROUTINE | inspect.CO_ITERABLE_COROUTINE | inspect.CO_ASYNC_GENERATOR
#: Packages that run the cells of a notebook in their own coroutine: a cell blocks nothing by that.
_NOTEBOOKS = ("IPython", "ipykernel")
#: How many timers of a loop are looked at.
_MOST_TIMERS = 200


def running_loop() -> Any:
    """Returns the loop that runs on the calling thread, None if there is none."""
    module = sys.modules.get("asyncio.events")
    running = getattr(module, "_get_running_loop", None)
    return None if running is None else running()


def current_task(loop: Any) -> Any:
    """Returns the task that runs in ``loop`` just now, None for a callback without a task."""
    current = getattr(sys.modules.get("asyncio.tasks"), "current_task", None)
    return None if current is None else current(loop)


def coroutine_frame(frame: FrameType | None) -> FrameType | None:
    """Returns the innermost coroutine around ``frame``, None if there is none or it is a notebook's own."""
    while frame is not None and not frame.f_code.co_flags & _COROUTINE:
        frame = frame.f_back
    if frame is None:
        return None
    top = frame.f_globals.get("__name__", "").partition(".")[0]
    return None if top in _NOTEBOOKS else frame


class Waiting(NamedTuple):
    """How many callbacks, timers and sockets are ready, and references to the callbacks that come next.

    Not their ids: a newer callback may have the id of one that is gone.
    """

    ready: int
    next: tuple[Any, ...]


def waiting(loop: Any) -> Waiting | None:
    """Returns what is ready for ``loop``, which has no time for it.

    None if that cannot be seen, as in loops other than asyncio's own. Nothing is taken from the loop.
    """
    ready, timers = getattr(loop, "_ready", None), getattr(loop, "_scheduled", None)
    if ready is None or timers is None:
        return None
    now = loop.time()
    due = sum(timer.when() <= now and not timer.cancelled() for timer in islice(timers, _MOST_TIMERS))
    return Waiting(len(ready) + due + _readable(loop), tuple(weakref.ref(one) for one in islice(ready, 2)))


def _readable(loop: Any) -> int:
    """Counts sockets that have something for the loop. Asking a selector takes nothing from it."""
    selector = getattr(loop, "_selector", None)
    if not isinstance(selector, selectors.BaseSelector):  # a proactor's selector would take it
        return 0
    try:
        return len(selector.select(0))
    except (OSError, ValueError):  # a file of the loop is being closed just now
        return 0

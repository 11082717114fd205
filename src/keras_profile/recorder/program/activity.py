"""Reports work other than inference, with its time: training, compiling, loading models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..protocol import events
from ..untouched import perf_counter_ns
from ..user_frames import users_line
from .doing import ACTIVITY

if TYPE_CHECKING:
    from types import FrameType

    from .process import RecordedProcess


#: Work that is done so often that it is reported only if it takes at least this long.
_LEAST_NS = {"set_weights": 500000}


#: Kinds of work that make another model.
_MAKING = ("load_model", "clone_model")


class Activity:
    """One call of a ``kind`` of work by the function ``name``, ``within`` an inference call or not."""

    wants_result = False

    def __init__(self, process: RecordedProcess, kind: str, name: str, within: bool) -> None:
        self._process = process
        self._kind = kind
        self._name = name
        self._within = within
        self._begin_ns: int | None = None

    def begin(self, frame: FrameType) -> None:
        """Notes that the function has begun, in its ``frame``."""
        if self._process.thread.number < 0:
            self._process.number_thread()
        if self._kind in _MAKING:
            self._process.held.another_model()
        self._process.doing.begin(frame, ACTIVITY, self._kind)
        self._begin_ns = perf_counter_ns()

    def end(self, frame: FrameType, raised: bool, result: Any) -> None:
        end_ns = perf_counter_ns()
        process = self._process
        if self._begin_ns is None:
            return
        process.doing.end(frame)
        if process.over or end_ns - self._begin_ns < _LEAST_NS.get(self._kind, 0):
            return
        state = process.thread
        process.journal.tell(
            events.Activity(
                kind=self._kind,
                name=self._name,
                where=users_line(frame) or "",
                begin_ns=self._begin_ns,
                wall_ns=end_ns - self._begin_ns,
                thread=max(state.number, 0),
                within=state.group if self._within else -1,
            )
        )

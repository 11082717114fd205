"""Calls that do not return: where they are, for how long, and how far they have got."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Callable, Mapping

from ..frameworks.keras import batches_so_far
from ..frameworks.tensorflow.datasets import class_names
from ..protocol import events
from ..system import resident_bytes
from ..untouched import perf_counter_ns
from ..user_frames import is_users, users_line
from ..workload.inputs import kind_of
from .describing import Call

if TYPE_CHECKING:
    from types import FrameType

    from .observed_call import ObservedCall

#: A call is reported after this long, and again each time it has taken twice as long as then.
LONG_NS = 10000000000


class UnfinishedCalls:
    """Reports calls that have been under way for long; ``tell`` gets an event for each.

    ``flying`` are the calls under way, by the ident of their thread; ``place`` returns a site as text.
    """

    def __init__(
        self,
        flying: Mapping[int, ObservedCall],
        place: Callable[[int], str],
        tell: events.Report,
    ) -> None:
        self._flying = flying
        self._place = place
        self._tell = tell
        #: For each call that was seen: when it is reported next, and the memory when it was first seen.
        self._seen: dict[int, tuple[int, int | None]] = {}

    def look(self) -> None:
        """Reports the calls that are due. It is called now and then, by a thread that makes no calls."""
        now = perf_counter_ns()
        under_way = list(self._flying.items())
        self._seen = {
            begin: seen
            for begin, seen in self._seen.items()
            if any(call.began_ns == begin for _, call in under_way)
        }
        for ident, call in under_way:
            begin = call.began_ns
            if begin is None:
                continue
            due, memory = self._seen.setdefault(begin, (LONG_NS, resident_bytes()))
            if now - begin >= due:
                self._seen[begin] = (2 * (now - begin), memory)
                self._tell_of(call, now, _stack(sys._current_frames().get(ident)), "")

    def ended(self, reason: str) -> None:
        """Reports all calls that are still under way at the program's end."""
        frames = sys._current_frames()
        for ident, call in list(self._flying.items()):
            if call.began_ns is not None:
                self._tell_of(call, perf_counter_ns(), _stack(frames.get(ident)), reason)

    def interrupted(self, call: ObservedCall, end_ns: int) -> None:
        """Reports a call that was ended by the error that is being raised just now."""
        kind, _, trace = sys.exc_info()
        frames = []
        while trace is not None:
            frames.append(trace.tb_frame)
            trace = trace.tb_next
        if kind is not None:
            self._tell_of(call, end_ns, frames, kind.__name__)

    def _tell_of(self, call: ObservedCall, now_ns: int, frames: list[FrameType], ended: str) -> None:
        """Reports a call; ``frames`` are those that it is in, the innermost last."""
        begin = call.began_ns
        assert begin is not None
        _, before = self._seen.get(begin, (0, None))
        memory = None if before is None else resident_bytes()
        given = call.as_written()
        place = self._place(call.group.site)
        theirs = [frame for frame in frames if is_users(frame.f_code.co_filename)]
        inside = users_line(theirs[-1]) or "" if theirs else ""
        self._tell(
            events.Unfinished(
                group=call.group.number,
                where=place,
                entry=given.entry,
                begin_ns=begin,
                wall_ns=now_ns - begin,
                ended=ended,
                batches=batches_so_far(frames),
                inside="" if inside.startswith(place + ",") else inside,
                endless=_endless(given),
                grown_bytes=None if memory is None or before is None else max(memory - before, 0),
            )
        )


def _stack(frame: FrameType | None) -> list[FrameType]:
    """Returns the frames of a running thread, the innermost last."""
    frames = []
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames[::-1]


def _endless(call: Call) -> str:
    """Returns what may make the call endless: ``generator``, ``repeat`` or nothing."""
    if call.entry != "predict" or call.option("steps") is not None:
        return ""
    if kind_of(call.input) == "generator":
        return "generator"
    return "repeat" if "RepeatDataset" in _classes(call.input) else ""


def _classes(value: Any) -> Any:
    return class_names(value) if kind_of(value) == "dataset" else ()

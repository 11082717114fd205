"""``pyinstrument``: sampled stacks, which check the shares independently."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from ..measuring import make_numbered_call, measured_call
from ..protocol import CALL_FRAME, CAPTURE_OF, FILES
from ..whole_file import write_json
from . import Instrument, Unavailable

if TYPE_CHECKING:
    from types import FrameType

    from ..measuring import Measured
    from .context import Context

#: Seconds between samples: at most pyinstrument's own default, less if the recording is
#: short, so that it has about this many samples, and never less than what sampling costs.
_MOST_INTERVAL, _LEAST_INTERVAL, _SAMPLES = 0.001, 0.0001, 1000


class Pyinstrument(Instrument):
    """Calls that pyinstrument samples."""

    def __init__(self, context: Context) -> None:
        extra_path = context.request.extra_path
        if extra_path is not None and extra_path not in sys.path:
            sys.path.append(extra_path)
        try:
            import pyinstrument
            from pyinstrument.session import Session
        except ImportError as error:
            raise Unavailable(
                "pyinstrument is not installed in {}; use --with-pyinstrument".format(sys.executable)
            ) from error
        if sys.getprofile() is not None:
            raise Unavailable("another profiler is active in this process: {!r}".format(sys.getprofile()))
        self._make, self._combine = pyinstrument.Profiler, Session.combine
        time = context.request.seconds * CAPTURE_OF["pyinstrument"].share
        self._interval = min(max(time / _SAMPLES, _LEAST_INTERVAL), _MOST_INTERVAL)
        self._profiler: Any = None
        self._session: Any = None
        self._active: Any = None
        self._call: _CallInProgram | None = None
        self._number = 0

    def start(self) -> None:
        self._call = None
        self._profiler = self._make(interval=self._interval, async_mode="disabled")
        self._profiler.start()
        self._active = sys.getprofile()

    def stop(self) -> None:
        profiler, self._profiler = self._profiler, None
        if profiler is None or not profiler.is_running:
            return
        session = profiler.stop()
        if self._call is not None:
            self._call.mark(session)
        self._session = session if self._session is None else self._combine(self._session, session)

    def begin(self, frame: FrameType | None, keep: bool) -> None:
        if frame is not None and keep:
            self._call = _CallInProgram(self._number, frame)

    def end(self, measured: Measured | None, keep: bool) -> None:
        if measured is not None and keep:
            self._number += 1
        else:
            self._call = None

    def _measured(self, call: Any, x: Any, keep: bool) -> Measured:
        # The frame's name contains the call's number, so that a sample shows its call.
        return measured_call(call, x, make_numbered_call(self._number)) if keep else measured_call(call, x)

    def displaced(self) -> bool:
        return self._profiler is not None and sys.getprofile() is not self._active

    def forsake(self, own_thread: bool) -> None:
        if own_thread:
            super().forsake(own_thread)

    def abandon(self) -> None:
        # Stopping it would remove the profile function, no matter whose that is.
        profiler, self._profiler = self._profiler, None
        if profiler is None:
            return
        sampler: Any = sys.modules["pyinstrument.stack_sampler"]
        take_away, sampler.setstatprofile = sampler.setstatprofile, _leave
        try:
            profiler.stop()
        finally:
            sampler.setstatprofile = take_away

    def close(self) -> None:
        self.stop()

    def save(self, folder: str) -> dict[str, Any]:
        if self._session is not None:
            # As in Session.save, except for names that are not text.
            write_json(os.path.join(folder, FILES["pyinstrument"]), self._session.to_json())
        return {"interval_ns": int(self._interval * 1e9), "sampled_calls": self._number}


class _CallInProgram:
    """A call that a program makes. Its samples get the frame that our own calls have."""

    def __init__(self, number: int, frame: FrameType) -> None:
        code = frame.f_code
        self._frame = "{}{}\0<string>\x001".format(CALL_FRAME, number)
        self._called = "{}\0{}\0{}".format(code.co_name, code.co_filename, code.co_firstlineno)
        self._depth = -1  # the frames above
        above: FrameType | None = frame
        while above is not None:
            self._depth, above = self._depth + 1, above.f_back

    def mark(self, session: Any) -> None:
        """Puts the call's frame above the called function, in each stack of a session."""
        marked = []
        for names, seconds in session.frame_records:
            places = range(self._depth, len(names))  # outermost first; there may be one for the thread
            place = next((place for place in places if names[place].startswith(self._called)), None)
            stack = names if place is None else [*names[:place], self._frame, *names[place:]]
            marked.append((stack, seconds))
        session.frame_records = marked


def _leave(*_: Any) -> None:
    """Replaces the function that removes a profile function."""


INSTRUMENT = Pyinstrument

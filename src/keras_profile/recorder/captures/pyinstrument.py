"""``pyinstrument``: sampled stacks, an independent check of the shares."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from ..measuring import Measured, make_numbered_call, measured_call
from ..protocol import CAPTURE_OF, FILES
from ..protocol.visible import write_json
from . import Instrument, Unavailable

if TYPE_CHECKING:
    from .context import Context

#: Seconds between samples: at most pyinstrument's own default, less where the recording is
#: short, so that it has this many samples about, and never less than what sampling costs.
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
                "pyinstrument is not installed in {}; --with-pyinstrument brings it along".format(
                    sys.executable
                )
            ) from error
        if sys.getprofile() is not None:
            raise Unavailable("another profiler is active in this process: {!r}".format(sys.getprofile()))
        self._make, self._combine = pyinstrument.Profiler, Session.combine
        time = context.request.seconds * CAPTURE_OF["pyinstrument"].share
        self._interval = min(max(time / _SAMPLES, _LEAST_INTERVAL), _MOST_INTERVAL)
        self._profiler: Any = None
        self._session: Any = None
        self._number = 0

    def start(self) -> None:
        self._profiler = self._make(interval=self._interval, async_mode="disabled")
        self._profiler.start()

    def stop(self) -> None:
        profiler, self._profiler = self._profiler, None
        if profiler is None or not profiler.is_running:
            return
        session = profiler.stop()
        self._session = session if self._session is None else self._combine(self._session, session)

    def measure(self, call: Any, x: Any, keep: bool) -> Measured:
        # The frame's name carries the call's number, so that a sample tells its call.
        if not keep:
            return measured_call(call, x)
        numbered = make_numbered_call(self._number)
        self._number += 1
        return measured_call(call, x, numbered)

    def close(self) -> None:
        self.stop()

    def save(self, folder: str) -> dict[str, Any]:
        if self._session is not None:
            # As Session.save has it, but for names that are no text.
            with open(os.path.join(folder, FILES["pyinstrument"]), "w") as file:
                write_json(self._session.to_json(), file)
        return {"interval_ns": int(self._interval * 1e9), "sampled_calls": self._number}


INSTRUMENT = Pyinstrument

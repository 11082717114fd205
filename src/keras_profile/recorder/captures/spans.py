"""``spans``: exact entries and exits of the classified internals. The shares are based on it."""

from __future__ import annotations

import gc
import os
from array import array
from typing import TYPE_CHECKING, Any

import numpy as np

from ..probes import make_probes
from ..probes.hooks import EventLog
from ..protocol import CALL_BEGIN, CALL_END, FILES
from . import Instrument

if TYPE_CHECKING:
    from types import FrameType

    from ..measuring import Measured
    from .context import Context


class Spans(Instrument):
    """Calls with probes in the internals: when each was entered and left."""

    def __init__(self, context: Context) -> None:
        self._log = EventLog()
        self._probes: Any = None
        self.probe(context)
        self._on_collection = self._log.gc_callback()
        #: (codes, times) of the blocks before this one.
        self._blocks: list[tuple[Any, Any]] = []
        self._from = 0
        self._entered: int | None = None

    def probe(self, context: Context) -> None:
        """Makes the probes again, for the internals that the context knows now."""
        if self._probes is not None:
            self._probes.close()
        self._probes = make_probes(context.targets(), self._log.hooks(), context.request.mechanism)

    def start(self) -> None:
        self._log.follow_this_thread()
        self._probes.install()
        gc.callbacks.append(self._on_collection)

    def stop(self) -> None:
        if self._on_collection in gc.callbacks:
            gc.callbacks.remove(self._on_collection)
        self._probes.remove()
        self._blocks.append((np.array(self._log.codes), np.array(self._log.times)))
        self._log.clear()

    def begin(self, frame: FrameType | None, keep: bool) -> None:
        self._from = len(self._log.codes)
        # The function that is called began before its probe was there.
        self._entered = None if frame is None else self._probes.internal_entered(frame.f_code)

    def end(self, measured: Measured | None, keep: bool) -> None:
        codes, times, start = self._log.codes, self._log.times, self._from
        if measured is None or not keep:
            del codes[start:]
            del times[start:]
            return
        # What happened before and after the two readings of the clock is not part of the call.
        while len(times) > start and times[-1] > measured.end_ns:
            del codes[-1:]
            del times[-1:]
        while len(times) > start and times[start] < measured.begin_ns:
            del codes[start]
            del times[start]
        opening, closing = [CALL_BEGIN], [CALL_END]
        if self._entered is not None:
            opening.append(self._entered)
            closing.insert(0, -1 - self._entered)
        codes[start:start] = array("q", opening)
        times[start:start] = array("q", [measured.begin_ns] * len(opening))
        codes.extend(closing)
        times.extend([measured.end_ns] * len(closing))

    def take(self) -> tuple[Any, Any]:
        """Returns the codes and times of the events since the last time, and forgets them."""
        blocks, self._blocks = self._blocks, []
        codes = [block[0] for block in blocks]
        times = [block[1] for block in blocks]
        return np.concatenate(codes), np.concatenate(times)

    def close(self) -> None:
        if self._on_collection in gc.callbacks:
            gc.callbacks.remove(self._on_collection)
        self._probes.close()

    def save(self, folder: str) -> dict[str, Any]:
        codes = [block[0] for block in self._blocks]
        times = [block[1] for block in self._blocks]
        np.savez_compressed(
            os.path.join(folder, FILES["spans"]),
            codes=np.concatenate(codes) if codes else np.zeros(0, "int64"),
            times=np.concatenate(times) if times else np.zeros(0, "int64"),
        )
        return self.details()

    def details(self) -> dict[str, Any]:
        """Returns how the probes were set, and which ones could not be."""
        return {
            "mechanism": self._probes.mechanism,
            "unprobed": [
                {"internal": target.internal, "reason": reason} for target, reason in self._probes.unprobed
            ],
        }


INSTRUMENT = Spans

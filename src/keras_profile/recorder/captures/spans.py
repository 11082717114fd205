"""``spans``: entry and exit of the classified internals, exact. The shares rest on it."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from ..measuring import Measured, measured_call
from ..probes import make_probes
from ..probes.hooks import EventLog
from ..protocol import CALL_BEGIN, CALL_END, FILES
from . import Instrument

if TYPE_CHECKING:
    from .context import Context


class Spans(Instrument):
    def __init__(self, context: Context) -> None:
        self._log = EventLog()
        self._probes: Any = None
        self.probe(context)
        self._on_collection = self._log.gc_callback()
        #: (codes, times) of the blocks before this one.
        self._blocks: list[tuple[Any, Any]] = []

    def probe(self, context: Context) -> None:
        """Makes the probes again, for the internals that the context knows by now."""
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

    def measure(self, call: Any, x: Any, keep: bool) -> Measured:
        start = len(self._log.codes)
        measured = None
        try:
            measured = measured_call(call, x)
        finally:
            if measured is None or not keep:
                del self._log.codes[start:]
                del self._log.times[start:]
        if keep:
            # What happened while the result was dropped is no part of the call.
            while len(self._log.times) > start and self._log.times[-1] > measured.end_ns:
                del self._log.codes[-1:]
                del self._log.times[-1:]
            self._log.codes.insert(start, CALL_BEGIN)
            self._log.times.insert(start, measured.begin_ns)
            self._log.codes.append(CALL_END)
            self._log.times.append(measured.end_ns)
        return measured

    def take(self) -> tuple[Any, Any]:
        """The events since the last time, which the capture forgets: codes and times."""
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
        """How the probes were set, and which could not be."""
        return {
            "mechanism": self._probes.mechanism,
            "unprobed": [
                {"internal": target.internal, "reason": reason} for target, reason in self._probes.unprobed
            ],
        }


INSTRUMENT = Spans

"""Spans of calls that are also traced: one call gives both if there is no time for two."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from ..captures.spans import Spans
from ..captures.tensorflow import TensorFlowTrace

if TYPE_CHECKING:
    from ..captures.context import Context
    from ..measuring import Measured


class TracedSpans(Spans):
    """The ``spans`` capture within the ``tensorflow`` capture, which is :attr:`trace`.

    Tracing makes a call longer, so only long calls, of which few fit into the time, are recorded
    like this. :attr:`trace_error` is the reason if there are only spans.
    """

    trace: TensorFlowTrace
    trace_error: Exception | None = None

    def probe(self, context: Context) -> None:
        if self._probes is not None:
            self.trace.close()
        self.trace = TensorFlowTrace(context, self._log.hooks())
        self._probes = self.trace.probes

    def start(self) -> None:
        self._log.follow_this_thread()
        try:
            self.trace.start()
        except Exception as error:  # another profiler may be running; spans need none
            self.trace_error = error
            self._probes.install()
        gc.callbacks.append(self._on_collection)

    def stop(self) -> None:
        try:
            self.trace.stop()
        except Exception as error:
            self.trace_error = error
        super().stop()

    def measure(self, call: Any, x: Any, keep: bool) -> Measured:
        if not keep or self.trace_error is not None:
            return super().measure(call, x, keep)
        with self.trace.step():
            return super().measure(call, x, keep)

    def close(self) -> None:
        self.trace.close()
        super().close()

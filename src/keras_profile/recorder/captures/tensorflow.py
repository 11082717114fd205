"""``tensorflow``: the TensorFlow profiler's trace, with Keras phases as annotations."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from ..frameworks.tensorflow import load
from ..frameworks.tensorflow.profiler import TURNS, profiler_api
from ..probes import Hooks, make_probes
from ..protocol import ANNOTATION_PREFIX, FILES, STEP_SUFFIX
from . import Instrument

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from ..measuring import Measured
    from .context import Context


class TensorFlowTrace(Instrument):
    """Calls under TensorFlow's profiler, one step each; ``log`` is also called for each internal."""

    def __init__(self, context: Context, log: Hooks | None = None) -> None:
        self._profiler = profiler_api(load())
        self._step_name = context.entry + STEP_SUFFIX
        self._folder = os.path.join(context.request.folder, FILES["tensorflow"])
        self._blocks = 0
        self._steps = 0
        names = context.annotations()
        trace = self._profiler.annotation
        open_traces: list[tuple[int, Any]] = []

        def enter(internal: int) -> None:
            annotation = trace(ANNOTATION_PREFIX + names[internal])
            open_traces.append((internal, annotation))
            annotation.__enter__()

        def leave(internal: int) -> None:
            # A generator that was thrown into leaves without having been entered.
            if open_traces and open_traces[-1][0] == internal:
                open_traces.pop()[1].__exit__(None, None, None)

        self._own = [threading.get_ident()]
        hooks = _on_one_thread(self._own, enter, leave)
        self._hooks = hooks if log is None else _both(log, hooks)
        self.probes = make_probes(context.targets(), self._hooks, context.request.mechanism)
        self._step: Any = None
        self._entered: int | None = None

    def start(self) -> None:
        # One log folder per block: runs are named by the second, and their names would clash.
        self._blocks += 1
        self._own[0] = threading.get_ident()
        folder = os.path.join(self._folder, "round-{:02d}".format(self._blocks))
        TURNS.start(self, lambda: self._profiler.start(folder), self._profiler.stop)
        self.probes.install()

    def stop(self) -> None:
        self.probes.remove()
        TURNS.stop(self)

    def begin(self, frame: FrameType | None, keep: bool) -> None:
        if not keep:
            return
        self._step = self.step()
        self._step.__enter__()
        # The function that is called began before its probe was there.
        self._entered = None if frame is None else self.probes.internal_entered(frame.f_code)
        if self._entered is not None:
            self._hooks.enter(self._entered)

    def end(self, measured: Measured | None, keep: bool) -> None:
        step, self._step = self._step, None
        if step is not None:
            if self._entered is not None:
                self._hooks.leave(self._entered)
            step.__exit__(None, None, None)

    def displaced(self) -> bool:
        return not TURNS.has(self)

    def abandon(self) -> None:
        self.end(None, False)
        self.stop()

    def forsake(self, own_thread: bool) -> None:
        self.probes.remove()  # the profiler itself has forgotten the trace: see TURNS

    def step(self) -> Any:
        """Returns the context for the next traced call."""
        step = self._steps
        self._steps += 1
        # _r=1 makes the marker a root event: without it TensorBoard has no step times.
        return self._profiler.annotation(self._step_name, step_num=step, _r=1)

    def close(self) -> None:
        self.stop()
        self.probes.close()

    def save(self, folder: str) -> dict[str, Any]:
        return dict(self._profiler.details(), steps=self._steps, blocks=self._blocks)


def _on_one_thread(own: list[int], enter: Callable[[int], None], leave: Callable[[int], None]) -> Hooks:
    """Returns hooks that act only on the thread ``own[0]``. A generator's resumption is an entry."""
    current = threading.get_ident

    def enter_here(internal: int) -> None:
        if current() == own[0]:
            enter(internal)

    def leave_here(internal: int) -> None:
        if current() == own[0]:
            leave(internal)

    return Hooks(enter_here, enter_here, leave_here)


def _both(log: Hooks, annotating: Hooks) -> Hooks:
    """Returns hooks that do both. The log's times are within the annotations."""

    def enter(internal: int) -> None:
        annotating.enter(internal)
        log.enter(internal)

    def resume(internal: int) -> None:
        annotating.resume(internal)
        log.resume(internal)

    def leave(internal: int) -> None:
        log.leave(internal)
        annotating.leave(internal)

    return Hooks(enter, resume, leave)


INSTRUMENT = TensorFlowTrace

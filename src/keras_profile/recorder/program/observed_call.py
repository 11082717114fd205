"""One inference call that is recorded: its clocks, its instrument and its row."""

from __future__ import annotations

import sys
import threading
from time import perf_counter_ns, process_time_ns, thread_time_ns
from typing import TYPE_CHECKING, Any

from ..protocol import CAPTURES, RAISED, SETTLING
from .describing import Call, brings_batches
from .doing import INFERENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from ..facts.input_lines import InputLines
    from .doing import Doing
    from .groups import Group
    from .instruments import Block
    from .loop_calls import CallOnLoop
    from .process import RecordedProcess

_BARE = CAPTURES.index("bare")


class UserCall:
    """The user's call, which an instrument makes once at most, and what came of it."""

    def __init__(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> None:
        self._function = function
        self._arguments = arguments
        self._options = options
        self._result: Any = None
        self._trace: TracebackType | None = None
        self._doing: Doing | None = None
        self._group = -1
        self.made = False
        self.error: BaseException | None = None

    def watched_as(self, doing: Doing, group: int) -> None:
        """The sampler is to know, while the call lasts, that it is one of ``group``."""
        self._doing, self._group = doing, group

    def __call__(self, _: Any) -> None:
        """Makes the call; the instruments' argument is not used, the call has its own."""
        if self.made:
            raise RuntimeError("an instrument made the call again")
        doing = self._doing
        if doing is not None:
            # If this fails the call is not made yet, and is made without the instrument.
            doing.begin(sys._getframe(), INFERENCE, self._group)
        self.made = True
        try:
            self._result = self._function(*self._arguments, **self._options)
        except BaseException as error:
            self.error, self._trace = error, error.__traceback__
            raise
        finally:
            if doing is not None:
                doing.end(sys._getframe())

    def outcome(self) -> Any:
        """Returns or raises what the call did."""
        error, trace = self.error, self._trace
        if error is None:
            return self._result
        self.error = self._trace = None
        error.__traceback__ = trace
        try:
            raise error
        finally:
            del error, trace  # the traceback refers to this frame


class ObservedCall:
    """A call of a group's.

    ``block`` is the instruments' block that it may be part of. :meth:`make_under_instrument` makes
    it so; otherwise it is made, bare, between :meth:`begin` and :meth:`end`.
    """

    def __init__(
        self,
        process: RecordedProcess,
        group: Group,
        model: int,
        entry: str,
        arguments: tuple[Any, ...],
        options: dict[str, Any],
        arrived_ns: int,
    ) -> None:
        self._process = process
        self.group = group
        self._model = model
        self._entry = entry
        self._arguments = arguments
        self._options = options
        self._arrived_ns = arrived_ns
        self._ident = threading.get_ident()
        self._flags = group.flags()
        self._traces: Any = None
        self._input_lines: InputLines | None = None
        #: When the call began, None before.
        self.began_ns: int | None = None
        self._cpu_ns = self._own_cpu_ns = self._others = 0
        self.block: Block | None = None
        #: What is counted of it where an event loop runs on this thread, and waits for it.
        self.on_loop: CallOnLoop | None = None

    def as_written(self) -> Call:
        """The call as the user wrote it."""
        return Call(self._entry, self._arguments, self._options)

    def look(self) -> None:
        """Looks at the inputs, before the call is made."""
        self.group.flow.before((self._arguments[1:], self._options))

    def returned(self, result: Any) -> None:
        """Looks at what the call gave."""
        begin = perf_counter_ns()
        self.group.flow.after(result)
        self._process.watching_ns += perf_counter_ns() - begin

    def choose(self) -> None:
        """Decides which instrument the call gets, if any: none in a group's first calls."""
        process = self._process
        if not self._flags and not process.instruments.lock.locked():
            self.block = self.group.turn(process.choose)

    # --- bare ---

    def begin(self) -> None:
        """What is done right before the call; the clock comes last."""
        process = self._process
        self._watch_traces()
        self._others = len(process.flying)
        process.flying[self._ident] = self
        process.doing.begin(sys._getframe(1), INFERENCE, self.group.number)
        self._own_cpu_ns = thread_time_ns() if process.has_threads else 0
        self._cpu_ns = process_time_ns()
        self.began_ns = perf_counter_ns()

    def end(self, raised: bool) -> None:
        """What is done right after the call; the clock comes first."""
        end = perf_counter_ns()
        process, group, flags, begin = self._process, self.group, self._flags, self.began_ns
        try:
            cpu = own_cpu = 0
            if begin is not None:
                cpu = process_time_ns() - self._cpu_ns
                own_cpu = thread_time_ns() - self._own_cpu_ns if self._own_cpu_ns else -1
        finally:
            try:
                process.flying.pop(self._ident, None)
                process.doing.end(sys._getframe(1))
            finally:
                self._unwatch_traces()
        # A fork may be in the call: the child is another process, with a recording of its own.
        if begin is None or process.forsaken:
            return
        if group.settles():
            flags |= SETTLING
        self._write(_BARE, flags | (RAISED if raised else 0), begin, end, cpu, own_cpu)
        if not flags and not raised:
            group.bare_done(end - begin)
        process.watching_ns += perf_counter_ns() - end + begin - self._arrived_ns
        if raised:
            process.raised(self, end)
        elif group.workload is None:
            process.describe(group, self.as_written(), self._model)

    def _watch_traces(self) -> None:
        """Has what is traced in the first calls told, unless another thread does just now.

        Where the input makes its batches, also by which lines.
        """
        if not self._flags:
            return
        if brings_batches(self._entry, self._arguments, self._options):
            self._input_lines = self.group.input_lines_of(self._flags)
            self._input_lines.__enter__()
        lock = self._process.instruments.lock
        if not self._process.can_trace() or not lock.acquire(False):
            return
        try:
            traces = self.group.traces_of(self._flags)
            traces.__enter__()
            self._traces = traces
        finally:
            if self._traces is None:
                lock.release()

    def _unwatch_traces(self) -> None:
        lines, self._input_lines = self._input_lines, None
        if lines is not None:
            lines.__exit__()
        traces, self._traces = self._traces, None
        if traces is not None:
            try:
                traces.__exit__(None, None, None)
            finally:
                self._process.instruments.lock.release()

    # --- under an instrument ---

    def make_under_instrument(self, call: UserCall) -> None:
        """Makes the call under its block's instrument.

        It is not made where another thread has an instrument just now, or the instrument fails
        before. Raises what the call raises, and what fails in the instrument.
        """
        lock = self._process.instruments.lock
        if lock.acquire(False):
            try:
                self._make(call)
            finally:
                lock.release()

    def _make(self, call: UserCall) -> None:
        process, group, block = self._process, self.group, self.block
        assert block is not None
        keep = not block.settling
        self._others = len(process.flying)
        process.flying[self._ident] = self
        call.watched_as(process.doing, group.number)
        self.began_ns = begin = perf_counter_ns()
        own_cpu = thread_time_ns()
        measured = None
        try:
            measured = process.instruments.measure(group, block, call, keep)
        finally:
            if measured is None:
                group.give_up_block()
            try:
                end = perf_counter_ns()
                own_cpu = thread_time_ns() - own_cpu
            finally:
                process.flying.pop(self._ident, None)
            if measured is None and call.made and not process.forsaken:
                # A row of spans that counts has events in the file of spans; this one has none.
                self._write(CAPTURES.index(block.name), RAISED | SETTLING, begin, end, 0, own_cpu)
        if measured is None or process.forsaken:
            return
        group.block_call_done()
        self._write(
            CAPTURES.index(block.name),
            0 if keep else SETTLING,
            measured.begin_ns,
            measured.end_ns,
            measured.cpu_ns,
            own_cpu,
        )
        process.watching_ns += begin - self._arrived_ns

    def _write(self, capture: int, flags: int, begin: int, end: int, cpu: int, own_cpu: int) -> None:
        """Counts the call and writes its row."""
        self.group.count(end - begin)
        if self.on_loop is not None:
            self.on_loop.made(begin, end)
        self._process.write_row(
            self.group.number,
            capture,
            flags,
            self._process.thread.number,
            self._others,
            self._model,
            self.group.block_number,
            begin,
            end - begin,
            cpu,
            own_cpu,
            self._process.memory_at(end) if capture == _BARE else -1,
        )

"""One inference call that is recorded: its clocks, its instrument and its row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..measuring import Measured
from ..protocol import CAPTURES, COLD, RAISED, SETTLING
from ..untouched import get_ident, perf_counter_ns, process_time_ns, thread_time_ns
from .describing import Call, brings_batches
from .doing import INFERENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from ..facts.input_lines import InputLines
    from .groups import Group
    from .instruments import Block, CallUnderInstrument
    from .loop_calls import CallOnLoop
    from .process import RecordedProcess

_BARE = CAPTURES.index("bare")


class ObservedCall:
    """A call of a group, which the program makes between :meth:`begin` and :meth:`end`.

    It is under its ``block``'s instrument if no other thread has one just now, no instrument of the
    program is in the way, and the instrument does not fail. Otherwise it is bare.
    """

    def __init__(
        self,
        process: RecordedProcess,
        group: Group,
        model: int,
        entry: str,
        arguments: tuple[Any, ...],
        options: dict[str, Any],
        clock: Callable[[], int],
        arrived_ns: int,
    ) -> None:
        self._process = process
        self.group = group
        self._model = model
        self._entry = entry
        self._arguments = arguments
        self._options = options
        #: The clock for what watching the call costs.
        self._clock = clock
        self._arrived_ns = arrived_ns
        self._ident = get_ident()
        self._flags = group.flags()
        self._traces: Any = None
        self._input_lines: InputLines | None = None
        #: When the call began, None before that.
        self.began_ns: int | None = None
        self._cpu_ns = self._own_cpu_ns = self._watched_ns = self._ended_ns = self._others = 0
        self.block: Block | None = None
        self._under: CallUnderInstrument | None = None
        #: What counts the call if an event loop runs on this thread and waits for it.
        self.on_loop: CallOnLoop | None = None

    def as_written(self) -> Call:
        """The call as the user wrote it."""
        return Call(self._entry, self._arguments, self._options)

    def look(self) -> None:
        """Looks at the inputs, before the call is made."""
        inputs = (self._arguments[1:], self._options)
        self.group.flow.before(inputs)
        if len(self._arguments) > 1:
            self.group.shared_layers.note(self._model, self._arguments[0], self._arguments[1])

    @property
    def wants_result(self) -> bool:
        """Whether the result of the call is to be looked at."""
        return self.group.flow.wants_more

    def _returned(self, result: Any) -> None:
        """Looks at the result of the call."""
        begin = self._clock()
        self.group.flow.after(result)
        self._process.watching_ns += self._clock() - begin

    def choose(self) -> None:
        """Decides which instrument the call gets, if any: none in a group's first calls."""
        process = self._process
        if not self._flags and not process.instruments.lock.locked():
            self.block = self.group.turn(process.choose)

    # --- right before and after it ---

    def begin(self, frame: FrameType) -> None:
        """Does what comes right before the call, the clock last. ``frame`` is that of what is called."""
        process = self._process
        self._others = len(process.flying)
        process.flying[self._ident] = self
        process.doing.begin(frame, INFERENCE, self.group.number)
        self._watched_ns = self._clock() - self._arrived_ns
        if self.block is None:
            self._watch_traces()
        else:
            self._put_under_instrument(frame)
        self._own_cpu_ns = thread_time_ns() if process.has_threads or self._under is not None else 0
        self._cpu_ns = process_time_ns()
        self.began_ns = perf_counter_ns()

    def end(self, frame: FrameType, raised: bool, result: Any) -> None:
        """Does what comes right after the call, which returned ``result``; the clock comes first."""
        process, begin, under = self._process, self.began_ns, self._under
        end = cpu = own_cpu = 0
        measured: Measured | None = None
        try:
            end = perf_counter_ns()
            self._ended_ns = self._clock()
            if begin is not None:
                cpu = process_time_ns() - self._cpu_ns
                own_cpu = thread_time_ns() - self._own_cpu_ns if self._own_cpu_ns else -1
                measured = Measured(begin, end, cpu)
        finally:
            try:
                process.flying.pop(self._ident, None)
                process.doing.end(frame)
            finally:
                counts = self._let_go(None if raised or process.closed else measured)
        # The call may have forked: the child is another process, with its own recording. Or the recording
        # of its process has ended before it.
        if begin is None or process.forsaken or process.closed:
            return
        if under is not None:
            self._write_under_instrument(under, counts, begin, end, cpu, own_cpu)
        else:
            self._write_bare(raised, begin, end, cpu, own_cpu)
        if not raised:
            self._returned(result)

    def _write_bare(self, raised: bool, begin: int, end: int, cpu: int, own_cpu: int) -> None:
        process, group, flags = self._process, self.group, self._flags
        if group.settles():
            flags |= SETTLING
        self._write(_BARE, flags | (RAISED if raised else 0), begin, end, cpu, own_cpu)
        if not flags and not raised:
            group.bare_done(end - begin)
        process.watching_ns += self._clock() - self._ended_ns + self._watched_ns
        if raised:
            process.raised(self, end)
        elif group.workload is None:
            process.describe(group, self.as_written(), self._model)

    def _write_under_instrument(
        self, under: CallUnderInstrument, counts: bool, begin: int, end: int, cpu: int, own_cpu: int
    ) -> None:
        capture = CAPTURES.index(under.name)
        if counts:
            self.group.block_call_done()
            self._write(capture, 0 if under.keep else SETTLING, begin, end, cpu, own_cpu)
            self._process.watching_ns += self._watched_ns
        else:
            # A row of spans that counts has events in the file of spans; this one has none.
            self.group.give_up_block()
            self._write(capture, RAISED | SETTLING, begin, end, 0, own_cpu)

    def _put_under_instrument(self, frame: FrameType) -> None:
        """Puts the block's instrument in place, unless another thread has one just now."""
        instruments, block = self._process.instruments, self.block
        assert block is not None
        if not instruments.lock.acquire(False):
            self._not_watched()
            return
        try:
            self._under = instruments.begin(self.group, block, frame)
        except Exception as error:
            self._process.failed(error)
        finally:
            if self._under is None:
                instruments.lock.release()
                self.group.give_up_block()

    def _let_go(self, measured: Measured | None) -> bool:
        """Removes what watches the call, and returns whether what its instrument captured counts."""
        process, under = self._process, self._under
        if under is None:
            self._unwatch_traces()
            return False
        self._under = None
        try:
            return not process.forsaken and process.instruments.end(under, measured)
        except Exception as error:
            process.failed(error)
            return False
        finally:
            process.instruments.lock.release()

    def forsake(self) -> None:
        """In a forked child, which does not have the call's thread: removes what watches the call."""
        if self._under is None:
            self._unwatch_traces()

    def _watch_traces(self) -> None:
        """Watches what is traced in the first calls, unless another thread does so just now.

        If the input makes its batches, also watches which lines do that.
        """
        if not self._flags and not self._process.options.all_traces:
            return
        if self._flags and brings_batches(self._entry, self._arguments, self._options):
            self._input_lines = self.group.input_lines_of(self._flags)
            self._input_lines.__enter__()
        lock = self._process.instruments.lock
        if not self._process.can_trace():
            return
        if not lock.acquire(False):
            self._not_watched()
            return
        try:
            traces = self.group.traces_of(self._flags)
            traces.__enter__()
            self._traces = traces
        finally:
            if self._traces is None:
                lock.release()

    def _not_watched(self) -> None:
        """Counts the call, if it should be watched: the first of a line may trace what it likes."""
        if self._process.options.all_traces and not self._flags & COLD:
            self.group.unwatched += 1

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
            if traces.error is not None:
                self._process.failed(traces.error)

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

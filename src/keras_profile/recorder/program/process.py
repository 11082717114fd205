"""The recording of one process: all of it, and nothing of another's."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..facts import environment
from ..facts.function_traces import Traces
from ..probes.resolving import describe_row
from ..protocol import events
from ..system import available_bytes, resident_bytes
from ..untouched import get_ident, perf_counter_ns, process_time_ns, thread_time_ns
from .classifying import Classifier
from .describing import ARRAYS, Call, describe, describe_unfinished, make_workload
from .held import Held, HeldThings, weights_bytes
from .identity import copied, copied_bytes
from .instruments import Block, Instruments
from .observed_call import ObservedCall
from .unfinished import UnfinishedCalls

if TYPE_CHECKING:
    from types import FrameType

    from .beginning import Beginning
    from .groups import Group

#: Resident memory is read at most this often.
_MEMORY_NS = 50000000
#: The share of the free memory that held things may take.
_KEPT_SHARE = 0.05
#: How long the end waits for a call under an instrument.
_ENDING_S = 5.0


class RecordedProcess:
    """Records the calls of a process."""

    def __init__(self, beginning: Beginning) -> None:
        self._beginning = beginning
        self.options = beginning.options
        self.forked = beginning.forked
        self.files = beginning.files
        self.journal = beginning.journal
        self.failed = beginning.journal.failed
        self.number_thread = beginning.number_thread
        self.allowance = beginning.allowance
        self.thread = beginning.thread
        self.doing = beginning.doing
        self.instruments = Instruments(self.options, self.files, self.allowance, self.journal.tell)
        self.classifier = Classifier(self.journal.tell)
        self.flying: dict[int, ObservedCall] = {}  # ident of a thread -> its call
        self._unfinished = UnfinishedCalls(self.flying, self.classifier.sites.place, self.journal.tell)
        #: Whether its end has come; whether this is a child of it, which records for itself.
        self.over = self.forsaken = False
        #: Whether its end was written: a call that is still under way then is not recorded.
        self.closed = False
        #: How long watching calls has taken. It is counted only now and then: at each call, that would
        #: take as long again.
        self.watching_ns = 0
        self._known: tuple[str | None, int] | None = None  # what was reported of the installation
        self._memory_read_ns = 0
        #: How long the program took, and its processor time; 0 until its end.
        self.wall_ns = self.cpu_ns = 0
        self.held = HeldThings()
        beginning.each_second = self._each_second

    @property
    def importing_ns(self) -> int:
        """How long the program has taken so far to import Keras and TensorFlow."""
        return self._beginning.importing_ns

    def forsake(self) -> None:
        """Leaves nothing of this in a child of the process, which records for itself."""
        self.forsaken = True
        self.instruments.forsake()
        own = get_ident()
        for ident, observed in self.flying.items():
            if ident != own:
                observed.forsake()

    # --- around a call ---

    def observe(
        self, entry: str, arguments: tuple[Any, ...], options: dict[str, Any], frame: FrameType
    ) -> ObservedCall | None:
        """Returns the call as one of a group; None if it is not the user's own inference call."""
        # With several threads at work, waiting for the interpreter is not a cost of recording.
        clock = thread_time_ns if self.has_threads else perf_counter_ns
        arrived = clock()
        classifier, state = self.classifier, self.thread
        found = classifier.known_group(entry, arguments, options, frame)
        if found is None and not classifier.is_users_inference(entry, arguments, options, frame):
            return None
        if not self.journal.begun:
            self._beginning.begin()
        if state.number < 0:
            self.number_thread()
        group, model = found or classifier.group_of(entry, arguments, options, frame)
        self.held.another_model(model)
        state.group = group.number
        observed = ObservedCall(self, group, model, entry, arguments, options, clock, arrived)
        observed.on_loop = group.loop_calls.arrived(frame)
        try:
            observed.look()
            observed.choose()
        except Exception as error:  # it can still be recorded, bare
            self.failed(error)
        return observed

    def choose(self, group: Group) -> Block | None:
        """Returns the instrument of the group's next calls, if what was spent so far allows one."""
        self._count_watching()
        return self.instruments.choose(group)

    def can_trace(self) -> bool:
        """Whether TensorFlow is loaded: then what it traces can be reported."""
        possible: bool = Traces.are_possible()
        return possible

    @property
    def has_threads(self) -> bool:
        """Whether another thread than the first one makes calls."""
        return len(self._beginning.threads) > 1

    def memory_at(self, now_ns: int) -> int:
        """Returns resident memory in bytes, -1 if it was read a moment ago or is not known."""
        if now_ns - self._memory_read_ns <= _MEMORY_NS:
            return -1
        self._memory_read_ns = now_ns
        found = resident_bytes()
        self.held.resident(found, in_call=True)
        return -1 if found is None else int(found)

    def write_row(self, *fields: int) -> None:
        """Writes a row of :data:`..protocol.CALL_FIELDS`."""
        try:
            self.files.call(*fields)
        except Exception as error:  # such as a full disk: the call is still counted
            self.failed(error)

    # --- the end ---

    def end(self, at_ns: int, raised: str | None, reason: str = "the program ended") -> None:
        """Writes everything, since the program's own code has ended, or for another ``reason``."""
        _, began_ns, began_cpu_ns = self._beginning.began
        self.wall_ns, self.cpu_ns = at_ns - began_ns, process_time_ns() - began_cpu_ns
        self._beginning.end()
        if not self.journal.begun:
            return
        self.closed = True
        self._unfinished.ended(reason)
        self.journal.tell(events.Ended(at_ns, raised))
        # A daemon thread may be in a call under an instrument, and never come back.
        if self.instruments.lock.acquire(True, _ENDING_S):
            try:
                self.instruments.close()
            finally:
                self.instruments.lock.release()
        for group in self.classifier.groups.all:
            self._tell_group(group)
        self._tell_overhead()
        self.journal.end()

    def _count_watching(self) -> None:
        spent, self.watching_ns = self.watching_ns, 0
        self.allowance.interrupt("watching calls", spent)

    def _each_second(self) -> None:
        self._unfinished.look()
        self._tell_overhead()
        self.held.resident(resident_bytes(), in_call=bool(self.flying))

    def _tell_overhead(self) -> None:
        self._count_watching()
        self.journal.tell(events.Overhead(dict(self.allowance.parts), perf_counter_ns()))

    # --- what a group calls ---

    def raised(self, observed: ObservedCall, end_ns: int) -> None:
        """Writes what is known about a call that an error is ending just now.

        What stops a program, such as Ctrl-C, ends calls under way; other errors are the program's.
        """
        if isinstance(sys.exc_info()[1], Exception):
            return
        self._unfinished.interrupted(observed, end_ns)
        group = observed.group
        if group.workload is None:
            call = observed.as_written()
            target = self.classifier.sites.place(group.site)
            group.is_of(None, None, *describe_unfinished(call, target))
            self._tell_installation(group)
            self._tell_group(group)

    def describe(self, group: Group, call: Call, model: int) -> None:
        """Writes what the group calls, after its first call, when the model is built."""
        # A pause of the machine in between is no cost, and would leave less for calls under spans.
        begin = thread_time_ns()
        target = self.classifier.sites.place(group.site)
        workload, unknown = describe(
            call, target, lambda: make_workload(call, target, self.files.folder, call.input)
        )
        kept, inputs = self._kept(call, model)
        group.is_of(kept, inputs, workload, unknown)
        self._tell_installation(group)
        self._tell_group(group)
        self.allowance.spend("describing models", thread_time_ns() - begin, once=True)

    def _kept(self, call: Call, model: int) -> tuple[Call | None, Any]:
        """Returns what is held of a call to make it again, and a copy of its inputs or None."""
        if not (self.options.replay or self.options.trials):
            return None, None
        inputs = None
        if self.options.keep_inputs:
            free = available_bytes()
            room = self.held.room()
            inputs = copied(call.input, room if free is None else min(room, int(free * _KEPT_SHARE)))
            self.held.take(copied_bytes(inputs))
            if inputs is call.input and call.kind not in ARRAYS:
                inputs = self.held.hold_until_needed(inputs)
        thing = self.held.hold(call.thing, model, weights_bytes(call.thing))
        return call.kept(thing, None if isinstance(inputs, Held) else inputs), inputs

    def _tell_group(self, group: Group) -> None:
        if group.workload is not None:
            self.journal.tell(group.event())

    def _tell_installation(self, group: Group) -> None:
        """Writes what the process runs with, again if more of it is known than before."""
        found = self.instruments.resolved(group)
        known = (group.root, sum(target is not None for target in found))
        if known == self._known:
            return
        self._known = known
        self.journal.tell(events.Environment(environment.describe(group.root)))
        self.journal.tell(
            events.Internals(
                [describe_row(row, group.root, target) for row, target in zip(self.options.internals, found)]
            )
        )

"""Watches the inference calls of a process: one measured call each, grouped, written at once."""

from __future__ import annotations

import os
import platform
import sys
import threading
from time import perf_counter_ns, process_time_ns, thread_time_ns, time

from ..facts import environment
from ..facts.function_traces import Traces
from ..frameworks.keras import keras_root
from ..measuring import resident_bytes
from ..probes.resolving import describe_row
from ..protocol import CAPTURES, COLD, RAISED, SETTLING
from ..user_frames import users_line
from .allowance import Allowance
from .between import Sampler
from .describing import Call, describe, make_workload, shapes
from .entries import PACKAGES, TRAINING, Patches, watched_modules
from .files import ProcessFiles
from .groups import Groups
from .identity import Models, copied, is_symbolic, shapes_key
from .importing import ImportWatch
from .instruments import Instruments
from .sites import Sites

#: How deep a thread is: in nothing, in training, in an inference call. In training calls of
#: predict are the user's still (a callback makes them), those of the model are not.
_FREE, _TRAINING, _CALL = 0, 1, 2
_OPEN_TO = {
    "predict": _CALL,
    "predict_on_batch": _CALL,
    "call": _TRAINING,
    "function": _TRAINING,
    "signature": _TRAINING,
}
_BARE = CAPTURES.index("bare")
#: Resident memory is read at most this often, and of an input so many bytes are kept.
_MEMORY_NS, _KEPT_BYTES = 50000000, 64 * 2**20
#: Shapes that are noted of a group whose inputs vary, and how long the end waits for a call
#: under an instrument.
_SHAPES, _ENDING_S = 50, 5.0


class _Thread(threading.local):
    """What is known of the thread that asks."""

    level = _FREE
    number = -1
    group = -1


class Watch:
    """Everything that watches this process, from :meth:`start` to :meth:`stop`.

    ``options`` are what the program's ``options.json`` has.
    """

    def __init__(self, program, options):
        self.options = options
        self.program = program
        self.raised = self._paused_ns = None
        self.when_loaded = None  # called once TensorFlow or Keras was loaded
        self._thread = _Thread()
        self._patches = Patches(self._call, self._act)
        self._imports = ImportWatch(watched_modules(), self._loaded)
        self._begin_process(forked=False)

    def _begin_process(self, forked):
        """All that belongs to one process; a forked child begins anew."""
        self.forked = forked
        self.pid = os.getpid()
        self.files = ProcessFiles(self.program, self.pid)
        self.allowance = Allowance(self.options["share"], self.options["grace_ns"])
        self.groups = Groups()
        self._instruments = Instruments(self.options, self.files, self.allowance, self._tell)
        self._sites = Sites(lambda number, **fields: self._tell("site", site=number, **fields))
        self._models = Models()
        self._flying = {}  # ident of a thread -> the group of its call
        self._threads = {threading.get_ident(): 0}
        self._thread_names = [threading.current_thread().name]
        self._lock = threading.Lock()
        self._waiting = []  # what is told before the folder is made
        self._told = False
        self._sampler = None
        self._root = self._known = None
        self._memory_read = self._watching_ns = 0
        self._shapes = {}
        self._began = (time(), perf_counter_ns())
        self.over = self._failed = False

    # --- from start to end ---

    def start(self):
        self._imports.install()

    def resume(self):
        """Watches again, or for the first time, what :meth:`pause` let go."""
        self._paused_ns = None
        self._imports = ImportWatch(watched_modules(), self._loaded)
        self._imports.install()
        if self._sampler is not None:
            self._sampler.paused = False

    def pause(self):
        """Lets go of everything in the process; what was recorded stays."""
        self._imports.remove()
        self._patches.remove()
        self._paused_ns = perf_counter_ns()
        if self._sampler is not None:
            self._sampler.paused = True

    def forked_child(self):
        """In a child of a fork: what the parent has open is the parent's."""
        self._begin_process(forked=True)
        self._thread.level, self._thread.number, self._thread.group = _FREE, -1, -1

    def end(self):
        """The program's own code is over: nothing is watched any more, all is written."""
        if self.over:
            return
        self.over = True
        self._imports.remove()
        self._patches.remove()
        if not self._told:
            return
        self._tell("ended", at_ns=self._paused_ns or perf_counter_ns(), raised=self.raised)
        self._sampler.stop()
        # A daemon thread may be in a call under an instrument, and never come back.
        if self._instruments.lock.acquire(True, _ENDING_S):
            try:
                self._instruments.close()
            finally:
                self._instruments.lock.release()
        for group in self.groups.all:
            self._tell_group(group)
        self._tell_overhead()

    def _loaded(self, name, module, begin_ns, end_ns):
        if name in PACKAGES:
            if end_ns > begin_ns and self._thread.level == _FREE:
                self._tell(
                    "activity",
                    kind="import",
                    name=name,
                    where="",
                    begin_ns=begin_ns,
                    wall_ns=end_ns - begin_ns,
                    thread=0,
                    within=-1,
                )
            if self.when_loaded is not None:
                self.when_loaded()
            return
        self._patches.apply(name, module)

    # --- what is written ---

    def _tell(self, event, **fields):
        if not self._told:
            self._waiting.append((event, fields))
            return
        try:
            self.files.event(event, **fields)
        except Exception as error:  # such as a full disk: the program does not fail for it
            self._not_recorded(error)

    def _begin_telling(self):
        """Makes the folder, at the first call: a process that makes none leaves nothing."""
        with self._lock:
            if self._told:
                return
            wall, began_ns = self._began
            self.files.event(
                "process",
                pid=self.pid,
                parent=os.getppid(),
                argv=list(getattr(sys, "argv", [])),
                executable=sys.executable,
                python=platform.python_version(),
                folder=os.getcwd(),
                forked=self.forked,
                time=wall,
                began_ns=began_ns,
            )
            self._told = True
            for event, fields in self._waiting:
                self.files.event(event, **fields)
            for number, name in enumerate(self._thread_names):
                self.files.event("thread", thread=number, name=name)
            self._sampler = Sampler(
                self.files, self._flying, self._threads, self.allowance, self._tell_overhead
            )
            self._sampler.start()

    def _count_watching(self):
        """Counts what calls were watched for; not at each one, which would take as long again."""
        spent, self._watching_ns = self._watching_ns, 0
        self.allowance.spend("watching calls", spent)

    def _tell_overhead(self):
        self._count_watching()
        self._tell("overhead", parts=dict(self.allowance.parts), at_ns=perf_counter_ns())

    def _tell_group(self, group):
        if group.workload is None:
            return
        group.workload.update(
            input_shapes=self._shapes.get(group.number, []),
            traced=[] if group.traces is None else group.traces.describe(),
        )
        self._tell(
            "group",
            group=group.number,
            site=group.site,
            entry=group.entry,
            base=group.base,
            varying=group.varying,
            workload=group.workload,
        )

    # --- what is watched ---

    def _act(self, kind, function, arguments, options):
        """Something that is no inference: it is told with its time."""
        state = self._thread
        if self.over or state.level == _TRAINING or (state.level == _CALL and kind in TRAINING):
            return function(*arguments, **options)
        before = state.level
        if kind in TRAINING:
            state.level = _TRAINING
        begin = perf_counter_ns()
        try:
            return function(*arguments, **options)
        finally:
            end = perf_counter_ns()
            state.level = before
            if not self.over:
                self._tell(
                    "activity",
                    kind=kind,
                    name=function.__name__,
                    where=users_line(sys._getframe(2)) or "",
                    begin_ns=begin,
                    wall_ns=end - begin,
                    thread=max(state.number, 0),
                    within=state.group if before == _CALL else -1,
                )

    def _call(self, entry, function, arguments, options):
        """An inference call, or one within another, which is part of that."""
        state = self._thread
        if state.level >= _OPEN_TO[entry] or self.over:
            return function(*arguments, **options)
        arrived = perf_counter_ns()
        frame = sys._getframe(2)
        if entry in ("call", "function", "signature") and not self._is_inference(
            entry, arguments, options, frame
        ):
            return function(*arguments, **options)
        before, state.level = state.level, _CALL
        try:
            try:
                group, model = self._belongs_to(state, frame, entry, arguments, options)
            except Exception as error:
                self._not_recorded(error)
                return function(*arguments, **options)
            state.group = group.number
            return self._measured(state, group, model, arrived, entry, function, arguments, options)
        finally:
            state.level = before
            state.group = -1

    def _belongs_to(self, state, frame, entry, arguments, options):
        """The group of a call, and the number of its model."""
        if not self._told:
            self._begin_telling()
        if state.number < 0:
            self._new_thread(state)
        model, kind = self._models.number_and_kind(arguments[0])
        value = arguments[1] if len(arguments) > 1 else options.get("x")
        shape = shapes_key(value)
        group, new = self._group(self._sites.number(frame), entry, options, kind, shape)
        if new:
            group.entry = Call(entry, arguments, options).entry
            group.root = self._root_of(arguments[0])
        if group.varying:
            self._note_shapes(group, value)
        return group, model

    def _not_recorded(self, error):
        """Says, once, that the recorder failed: the program goes on all the same."""
        if not self._failed:
            self._failed = True
            sys.stderr.write(
                "keras-profile: calls are missing in the recording: {}: {}\n".format(
                    type(error).__name__, error
                )
            )

    def _group(self, site, entry, options, kind, shape):
        if entry == "call" and options.get("training") is False:
            entry = "call_inference"
        with self._lock:
            return self.groups.find(site, entry, kind, shape)

    def _is_inference(self, entry, arguments, options, frame):
        """Whether it is the user's own call, on values, and none for training."""
        if self._sites.by_framework(frame) or options.get("training") is True:
            return False
        if entry == "call" and not hasattr(arguments[0], "predict"):
            return False
        values = list(arguments[1:2]) + list(options.values())[:1]
        return not any(is_symbolic(value) for value in values)

    def _root_of(self, model):
        root = keras_root(model)
        if root is not None:
            self._root = root
        return root or self._root

    def _new_thread(self, state):
        ident = threading.get_ident()
        with self._lock:
            if ident not in self._threads or self._thread_names[self._threads[ident]] != (
                threading.current_thread().name
            ):
                self._threads[ident] = len(self._thread_names)
                self._thread_names.append(threading.current_thread().name)
                self.files.event("thread", thread=self._threads[ident], name=self._thread_names[-1])
            state.number = self._threads[ident]

    def _note_shapes(self, group, value):
        noted = self._shapes.setdefault(group.number, [])
        if len(noted) < _SHAPES:
            noted.append(shapes(value))

    # --- one call ---

    def _measured(self, state, group, model, arrived, entry, function, arguments, options):
        flags = group.flags()
        block = None
        if flags or self._instruments.lock.locked():
            pass
        elif group.plan is not None:
            block = group.plan
        elif group.bare_left > 0:
            group.bare_left -= 1
        else:
            self._count_watching()
            block = group.plan = self._instruments.choose(group)
            if block is None:
                group.bare_left = 1 if group.calls < 10 else 4
        if block is not None and self._instruments.lock.acquire(False):
            try:
                done = self._under(state, group, block, model, arrived, function, arguments, options)
            finally:
                self._instruments.lock.release()
            if done is not None:
                return done[0]
        return self._bare(state, group, flags, model, arrived, entry, function, arguments, options)

    def _bare(self, state, group, flags, model, arrived, entry, function, arguments, options):
        """The call with nothing installed, but for the first ones, in which traces are told."""
        flying, ident = self._flying, threading.get_ident()
        watched = self._traces(group, flags)
        others = len(flying)
        flying[ident] = group
        raised = RAISED
        own_cpu = thread_time_ns() if len(self._threads) > 1 else 0
        cpu = process_time_ns()
        begin = perf_counter_ns()
        try:
            result = function(*arguments, **options)
            raised = 0
            return result
        finally:
            end = perf_counter_ns()
            cpu = process_time_ns() - cpu
            own_cpu = thread_time_ns() - own_cpu if own_cpu else -1
            flying.pop(ident, None)
            if watched is not None:
                watched.__exit__(None, None, None)
                self._instruments.lock.release()
            if group.settle:
                group.settle = False
                flags |= SETTLING
            self._done(state, group, _BARE, flags | raised, model, others, begin, end, cpu, own_cpu)
            if not flags and not raised:
                group.bare_done(end - begin)
            self._watching_ns += perf_counter_ns() - end + begin - arrived
            if not raised and group.workload is None:
                try:
                    self._describe(group, entry, arguments, options)
                except Exception as error:
                    self._not_recorded(error)

    def _traces(self, group, flags):
        """Tells what is traced in the first calls, unless another thread does just now."""
        if not flags or not Traces.are_possible() or not self._instruments.lock.acquire(False):
            return None
        if flags & COLD:
            group.cold_traces = Traces(sizes_only=True)
            return group.cold_traces.__enter__()
        if group.traces is None:
            group.traces = Traces()
        return group.traces.__enter__()

    def _under(self, state, group, block, model, arrived, function, arguments, options):
        """The call under an instrument: its result in a list, None where it was not made."""
        flying, ident = self._flying, threading.get_ident()
        begun, results = [], []

        def run(_):
            begun.append(True)
            results.append(function(*arguments, **options))

        keep = not block.settling
        others = len(flying)
        flying[ident] = group
        begin = perf_counter_ns()
        own_cpu = thread_time_ns()
        raised = RAISED
        measured = None
        try:
            measured = self._instruments.measure(group, block, run, keep)
            raised = 0
        except Exception as error:
            if begun and not results:
                raise  # it is the call's own
            self._not_recorded(error)
        finally:
            end = perf_counter_ns()
            own_cpu = thread_time_ns() - own_cpu
            flying.pop(ident, None)
            if raised and begun:
                group.plan = None
                # A row of spans that counts has its events beside it; this one has none.
                self._done(
                    state,
                    group,
                    CAPTURES.index(block.name),
                    RAISED | SETTLING,
                    model,
                    others,
                    begin,
                    end,
                    0,
                    own_cpu,
                )
        if measured is None:
            group.plan = None
            return results or None
        if block.settling:
            block.settling = False
        else:
            block.left -= 1
        if block.left <= 0:
            group.plan = None
            group.block += 1
            # The interpreter adapts again once the instrument is gone.
            group.settle, group.bare_left = True, max(block_rest(group), 1)
        self._done(
            state,
            group,
            CAPTURES.index(block.name),
            0 if keep else SETTLING,
            model,
            others,
            measured.begin_ns,
            measured.end_ns,
            measured.cpu_ns,
            own_cpu,
        )
        self._watching_ns += begin - arrived
        return results

    def _done(self, state, group, capture, flags, model, others, begin, end, cpu, own_cpu):
        wall = end - begin
        group.calls += 1
        group.last_ns = wall
        group.total_ns += wall
        memory = -1
        if capture == _BARE and end - self._memory_read > _MEMORY_NS:
            self._memory_read = end
            found = resident_bytes()
            memory = -1 if found is None else found
        try:
            self.files.call(
                group.number,
                capture,
                flags,
                state.number,
                others,
                model,
                group.block,
                begin,
                wall,
                cpu,
                own_cpu,
                memory,
            )
        except Exception as error:
            self._not_recorded(error)

    # --- what a group is of ---

    def _describe(self, group, entry, arguments, options):
        """Writes what the group is of, after its first call, when the model is built."""
        begin = perf_counter_ns()
        call = Call(entry, arguments, options)
        group.call = call
        if self.options["keep_inputs"]:
            group.inputs = copied(call.input, _KEPT_BYTES)
        target = self._sites.place(group.site)
        workload, reason = describe(
            call, target, lambda: make_workload(call, target, self.files.folder, call.input)
        )
        workload["varying"] = group.varying
        workload["cold_traces"] = (
            []
            if group.cold_traces is None
            else [trace for one in group.cold_traces.describe() for trace in one]
        )
        group.workload, group.unknown = workload, reason
        if reason is not None:
            workload["announcements"] = list(workload["announcements"]) + [
                "recipes cannot be tried here: " + reason
            ]
        self._tell_installation(group)
        self._tell_group(group)
        self.allowance.spend("describing models", perf_counter_ns() - begin, once=True)

    def _tell_installation(self, group):
        """Writes what the process runs with, again where more of it is known than before."""
        found = self._instruments.resolved(group)
        known = (group.root, sum(target is not None for target in found))
        if known == self._known:
            return
        self._known = known
        self._tell("environment", environment=environment.describe(group.root))
        self._tell(
            "internals",
            internals=[
                describe_row(row, group.root, target) for row, target in zip(self.options["internals"], found)
            ],
        )


def block_rest(group):
    """How many bare calls follow a block at least: one that settles, one that counts."""
    return 2 if group.calls > 10 else 1

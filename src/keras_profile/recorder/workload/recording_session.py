"""One recording session: build, cold call, rounds of captures, files."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from ..captures import Unavailable, make_capture
from ..captures.context import Context
from ..facts import environment
from ..facts.function_traces import Traces
from ..facts.inner_calls import InnerCalls
from ..facts.input_lines import InputLines
from ..facts.kept_objects import kept_in_each_call
from ..facts.other_threads import threads_in_keras
from ..frameworks import chosen_backend, tensorflow
from ..measuring import measured_call
from ..probes.resolving import describe_row, resolve_all
from ..protocol import FILES, RECORDING_SCHEMA, RecorderError, events
from ..protocol.requests import ServeRequest
from ..system import resident_bytes
from ..trials.error_words import in_words
from ..trials.patience import TimeIsOver, at_most
from ..user_frames import own_traceback
from ..whole_file import write_json
from .inputs import shapes_of
from .schedule import LEAST_ROUNDS, LONG_CALL_NS, MOST_TELLING, SETTLE_BELOW_NS, Schedule
from .target import check as check_target
from .target import load
from .traced_spans import TracedSpans
from .workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..captures import Instrument
    from ..measuring import Measured
    from ..protocol.commands import MakeBlock
    from ..protocol.events import Report
    from ..protocol.requests import RecordRequest, WorkloadRequest
    from .inputs import Inputs
    from .target import Loaded

#: Warm calls before the measured ones, and the share of the time that they may take if there are several.
MOST_SETTLING_CALLS, SETTLING_SHARE = 4, 0.05
#: If there is time for no more calls than these, nothing is done except recording.
FEW_CALLS = 20
#: If calls are made again, there is little time: only calls shorter than this get a settling call.
_SETTLE_AGAIN_BELOW_NS = 100000000
#: If calls are made again, making the instruments may take this part of the whole time, in addition to
#: the time for the calls.
_MAKING_SHARE = 0.25
#: Without a single call there is no result. On a busy machine the first call may take this many times as long
#: as all may.
_FIRST_TIMES = 1.5


def record(request: RecordRequest, report: Report, loaded: Loaded | None = None) -> Workload:
    """Records ``request`` into its folder.

    ``report`` gets the progress (:class:`..protocol.events.Told`). ``loaded`` is the model if it is
    already in this process. Raises :class:`RecorderError` for expected failures before the first
    measured call; later ones are noted in the recording.
    """
    workload = make_workload(request, report, loaded)
    for text in workload.announcements:
        report(events.Announce(text))
    session = _Session(request, workload, report)
    session.run()
    return workload


@dataclass
class Again:
    """How calls were made again: whether that was interrupted, and what one took in ns."""

    interrupted: bool
    call_ns: int


def record_again(
    request: RecordRequest, workload: Workload, call_ns: int, whole_s: float, last_s: float, report: Report
) -> Again:
    """Records more calls of a ``workload`` whose first calls were made before.

    A call is known to take ``call_ns``. There is no cold call. The most informative captures come first, and
    those for which there is no time are left out. If there is no time for a call under each, one call
    gives both spans and a trace. If a call turns out to be so long that hardly anything else can be done in
    the available ``whole_s`` seconds, all of these are used.
    After ``last_s`` it is ended, whatever it is doing; the first call may take longer. Its errors are
    raised as :class:`RecorderError`; :class:`..trials.patience.TimeIsOver` is raised if no call returned.
    """
    session = _Session(request, workload, report)
    session.run_again(call_ns, whole_s, last_s)
    return Again(session.interrupted, session.call_ns)


def on_command(
    request: RecordRequest, workload: Workload, report: Report
) -> contextlib.AbstractContextManager[_Session]:
    """Surrounds the blocks of a workload's calls that are made on command, by ``make_block`` of its value.

    The first calls are made when it is entered; the recording is finished when it is left.
    """
    return _Session(request, workload, report).made_on_command()


def make_workload(request: WorkloadRequest, report: Report, loaded: Loaded | None = None) -> Workload:
    """Returns the workload that ``request`` names; for the arguments see :func:`record`."""
    if loaded is None:
        check_target(request.target)
    # A worker's other backend does not need it, and some builds of the two cannot share a process.
    if not isinstance(request, ServeRequest) or chosen_backend() == "tensorflow":
        report(events.Stage(events.IMPORTING))
        tensorflow.load()
    report(events.Stage("loading the model"))
    if loaded is None:
        loaded = load(request.target, request.entry, request.compiled, request.trust_model)
    return Workload(request, loaded)


class _Session:
    """The state of a session."""

    def __init__(self, request: RecordRequest, workload: Workload, report: Report) -> None:
        self.request = request
        self.workload = workload
        self.entry = workload.entry
        self.call_ns = 0
        self._report = report
        self._look_for_internals()
        self._calls: dict[str, list[Any]] = {
            "capture": [],
            "round": [],
            "cold": [],
            "begin_ns": [],
            "wall_ns": [],
            "cpu_ns": [],
            "rss_bytes": [],
        }
        self._captures: dict[str, Instrument] = {}
        self._outcomes: list[dict[str, Any]] = []
        if request.append:
            with open(os.path.join(request.folder, FILES["recording"]), encoding="utf-8") as file:
                earlier = json.load(file)
            self._calls, self._outcomes = earlier["calls"], earlier["captures"]
        for name in request.captures:
            self._outcome(name)
        self._cold_traces = Traces(sizes_only=True)
        self._shapes: list[list[list[int]]] = []
        self._inner_calls: InnerCalls | None = None
        self._traces: Traces | None = None
        self._input_lines: InputLines | None = None
        self._settling_ns: list[int] = []
        self._threads_in_keras: list[int] = []
        #: What was only counted because somebody asked for it.
        self._counted: dict[str, Any] = {}
        self._whole_s: float | None = None
        self._making_left_s = 0.0
        #: When everything has to end, by :func:`time.monotonic`, before a call was made and after.
        self._last: tuple[float, float] | None = None
        #: Whether calls under spans are also traced.
        self._at_once = False
        self.interrupted = False
        self._complete = False

    def _look_for_internals(self) -> None:
        """Finds the internals in the modules that are loaded now."""
        self._resolved = resolve_all(self.request.internals, self.workload.root)
        self._context = Context(self.request, self.entry, self._resolved)

    def run(self) -> None:
        with _Interrupts() as self._interrupts:
            self._run(self._cold_calls, self.request.captures, LEAST_ROUNDS)

    @contextlib.contextmanager
    def made_on_command(self) -> Iterator[_Session]:
        """Makes the first calls, then surrounds blocks that are made on command, and saves all of them."""
        began = False
        with _Interrupts() as self._interrupts, self._finished():
            self._cold_calls()
            began = True
            yield self
        if not began:  # interrupted before a block could be made
            raise KeyboardInterrupt

    def make_block(self, command: MakeBlock) -> events.BlockMade:
        """Makes the calls of a block. A failure affects only this capture."""
        made = events.BlockMade(command.capture, command.round)
        try:
            capture = self._captures.get(command.capture) or self._make(command.capture)
            if capture is None:
                made.reason = self._outcome(command.capture)["reason"]
                return made
            capture.start()
            try:
                for measured in self._calls_under(
                    capture, command.capture, command.round, command.settling, command.calls
                ):
                    made.walls.append(measured.end_ns - measured.begin_ns)
                    made.cpus.append(measured.cpu_ns)
            finally:
                capture.stop()
        except Exception as error:
            self._fail(command.capture, error)
            made.walls, made.cpus, made.reason = [], [], self._outcome(command.capture)["reason"]
        return made

    def count_kept(self, calls: int) -> events.KeptCounted:
        """Counts the objects that each call leaves behind."""

        def call() -> None:
            self.workload.call(self.workload.fresh_input())
            self._interrupts.check()

        made = events.KeptCounted()
        try:
            made.objects = kept_in_each_call(call, calls)
        except Exception as error:
            made.reason = in_words(error)
        self._counted["objects_kept"] = made.objects
        return made

    def _calls_under(
        self, capture: Instrument, name: str, number: int, settling: int, calls: int
    ) -> Iterator[Measured]:
        """Makes calls under a capture that was started, and yields those that count once they are kept."""
        for turn in range(settling + calls):
            keep = turn >= settling
            measured = capture.measure(self.workload.call, self.workload.fresh_input(), keep)
            self._interrupts.check()
            if keep:
                self._keep(name, number, False, measured)
                yield measured

    def run_again(self, call_ns: int, whole_s: float, last_s: float) -> None:
        """Does the same as :meth:`run`, without a cold call: a call takes ``call_ns``."""
        now = time.monotonic()
        self._last = (now + _FIRST_TIMES * last_s, now + last_s)
        self.call_ns = call_ns
        self._whole_s = whole_s
        self._making_left_s = _MAKING_SHARE * whole_s
        names = [name for name in MOST_TELLING if name in self.request.captures]
        self._at_once = {"spans", "tensorflow"} <= set(names) and len(names) * call_ns > whole_s * 1e9
        if self._at_once:
            names.remove("tensorflow")
        with _Interrupts() as self._interrupts:
            self._run(self._settle_again, names, 0)

    def _settle_again(self) -> None:
        # A long call is not repeated for this: the program's own calls already show what they trace.
        if self.call_ns < SETTLE_BELOW_NS:
            with self._failing_first():
                self._settle()

    def _run(self, first_calls: Callable[[], None], names: list[str], least_rounds: int) -> None:
        with self._finished():
            with self._in_time():
                first_calls()
            self._measure(names, least_rounds)

    @contextlib.contextmanager
    def _finished(self) -> Iterator[None]:
        """Surrounds all calls, and finishes the recording after them, also if they were interrupted."""
        try:
            yield
        except KeyboardInterrupt:
            self.interrupted = True
            self._report(events.Announce("interrupted; the report covers the calls made until then"))
        except TimeIsOver:
            if not self._calls["wall_ns"]:
                raise
        finally:
            for capture in self._captures.values():
                capture.close()
        self._complete = True
        self._save()
        self._report(events.Done(len(self._calls["wall_ns"])))

    def _in_time(self) -> contextlib.AbstractContextManager[None]:
        """Ends the ``with`` block if the time for everything is over, once one call was made."""
        if self._last is None:
            return contextlib.nullcontext()
        first, other = self._last
        last = other if self._calls["wall_ns"] else first
        return at_most(max(last - time.monotonic(), 0.0), TimeIsOver)

    def _measure(self, names: list[str], least_rounds: int) -> None:
        schedule = Schedule(
            names,
            self.request.seconds,
            self.call_ns,
            time.perf_counter_ns,
            self.request.rounds,
            least_rounds,
            SETTLE_BELOW_NS if self._whole_s is None else _SETTLE_AGAIN_BELOW_NS,
        )
        self._announce(schedule)
        for number, order in schedule.rounds():
            chosen = [name for name in order if number < least_rounds or schedule.has_time_for(name)]
            if not chosen:
                break
            for name in chosen:
                if number < least_rounds or schedule.has_time_for(name):
                    with self._in_time():
                        self._block(schedule, number, name)
            self._save()

    def _cold_calls(self) -> None:
        """Makes the first call, and warm calls that show how long one takes."""
        self._report(events.Stage("first call (import, build, trace, compile)"))
        x = self.workload.fresh_input()
        # The cold call happens once, so it is recorded with spans if they were requested.
        capture = "spans" if "spans" in self.request.captures else "bare"
        made = self._make(capture)
        if made is None:
            capture, made = "bare", make_capture("bare", self._context)
        made.start()
        try:
            with self._failing_first(), self._cold_traces:
                measured = made.measure(self.workload.call, x, keep=True)
        finally:
            made.stop()
        self._keep(capture, -1, True, measured)
        # Modules that the first call imported are searched for internals now.
        self._look_for_internals()
        if capture == "spans":
            made.probe(self._context)
        self.call_ns = measured.end_ns - measured.begin_ns
        self._settle()

    @contextlib.contextmanager
    def _failing_first(self) -> Iterator[None]:
        """Surrounds a workload's first call, which may raise whatever the user's code raises."""
        try:
            yield
        except Exception as error:
            raise RecorderError(
                "call_failed",
                "{} failed in its first call: {}: {}".format(
                    self.entry, type(error).__name__, _first_line(error)
                ),
                "inputs given: {}".format(_show_inputs(self.workload.inputs)),
                trace=own_traceback(error),
            ) from error

    def _settle(self) -> None:
        """Makes a few unmeasured warm calls: they show how long one takes, and what is traced in it."""
        self._inner_calls, self._traces, self._shapes = InnerCalls(), Traces(), []
        if self.workload.inputs.kind not in ("array", "tensor"):
            self._input_lines = InputLines()
        begin = time.perf_counter_ns()
        for number in range(MOST_SETTLING_CALLS):
            x = self.workload.fresh_input()
            self._shapes.append(shapes_of(x))
            with ExitStack() as watched:
                for watching in (None if number else self._inner_calls, self._input_lines, self._traces):
                    if watching is not None:
                        watched.enter_context(watching)
                settled = measured_call(self.workload.call, x)
            self.call_ns = settled.end_ns - settled.begin_ns
            self._settling_ns.append(self.call_ns)
            self._threads_in_keras.append(threads_in_keras())
            taken = time.perf_counter_ns() - begin
            # Two of them show what differs between calls, if that does not take long.
            least = 1 if self.call_ns > LONG_CALL_NS else 2
            if number + 1 >= least and taken + self.call_ns > self.request.seconds * SETTLING_SHARE * 1e9:
                break

    def _announce(self, schedule: Schedule) -> None:
        if schedule.least_ns() > self.request.seconds * 1e9:
            self._report(
                events.Announce(
                    "a call takes {}, so {} calls under each capture take about {}, longer than "
                    "the requested {:g} s".format(
                        _duration(self.call_ns),
                        schedule.least_rounds,
                        _duration(schedule.least_ns()),
                        self.request.seconds,
                    )
                )
            )

    def _block(self, schedule: Schedule, number: int, name: str) -> None:
        """Makes one block of calls under one capture. A failure affects only this capture."""
        self._report(
            events.Progress(
                capture=name,
                round=number,
                left_ns=schedule.left_ns(),
                budget_ns=int(self.request.seconds * 1e9),
            )
        )
        begin = time.perf_counter_ns()
        walls = []
        try:
            capture = self._captures.get(name)
            is_new = capture is None
            if capture is None:
                capture = self._make(name)
            if capture is None:
                schedule.drop(name)
                return
            calls = schedule.calls(name)
            try:
                capture.start()
                if is_new:
                    begin = self._made(schedule, begin)
                for measured in self._calls_under(capture, name, number, schedule.settling_calls, calls):
                    walls.append(measured.end_ns - measured.begin_ns)
                    if isinstance(capture, TracedSpans) and capture.trace_error is None:
                        self._keep("tensorflow", number, False, measured)
                    if number >= schedule.least_rounds - 1 and schedule.is_over():
                        break
            finally:
                capture.stop()
        except Exception as error:
            self._fail(name, error)
            schedule.drop(name)
            return
        if isinstance(capture, TracedSpans) and capture.trace_error is not None:
            self._captures.pop("tensorflow", None)
            self._fail("tensorflow", capture.trace_error)
        schedule.block_done(name, len(walls), int(median(walls)), time.perf_counter_ns() - begin)
        self.call_ns = int(median(walls))
        if self._whole_s is not None and FEW_CALLS * self.call_ns > self._whole_s * 1e9:
            schedule.extend(self._whole_s)

    def _made(self, schedule: Schedule, began_ns: int) -> int:
        """Notes that an instrument was made and first started since ``began_ns``. Returns the time now.

        If calls are made again in little time, this does not count as time of the calls.
        """
        now = time.perf_counter_ns()
        taken_s = min((now - began_ns) / 1e9, self._making_left_s)
        self._making_left_s -= taken_s
        schedule.lengthen(taken_s)
        return now

    def _make(self, name: str) -> Any:
        try:
            traced = self._at_once and name == "spans"
            capture = self._traced_spans() if traced else make_capture(name, self._context)
        except Unavailable as error:
            self._outcome(name).update(status="skipped", reason=str(error))
            self._report(events.Announce("{} is skipped: {}".format(name, error)))
            return None
        except Exception as error:
            self._fail(name, error)
            return None
        self._captures[name] = capture
        self._outcome(name).update(status="ok", reason="")
        return capture

    def _traced_spans(self) -> Instrument:
        spans = TracedSpans(self._context)
        self._captures["tensorflow"] = spans.trace
        self._outcome("tensorflow").update(status="ok", reason="")
        return spans

    def _fail(self, name: str, error: Exception) -> None:
        reason = in_words(error)
        self._outcome(name).update(status="failed", reason=reason)
        self._report(events.CaptureFailed(name, reason, own_traceback(error)))

    def _outcome(self, name: str) -> dict[str, Any]:
        for outcome in self._outcomes:
            if outcome["name"] == name:
                return outcome
        outcome = {"name": name, "status": "skipped", "reason": "not reached", "details": {}}
        self._outcomes.append(outcome)
        return outcome

    def _keep(self, name: str, number: int, cold: bool, measured: Measured) -> None:
        row = {
            "capture": name,
            "round": number,
            "cold": cold,
            "begin_ns": measured.begin_ns,
            "wall_ns": measured.end_ns - measured.begin_ns,
            "cpu_ns": measured.cpu_ns,
            "rss_bytes": resident_bytes() if name == "bare" else None,
        }
        for column, value in row.items():
            self._calls[column].append(value)

    def _save(self) -> None:
        """Makes the folder a recording of all finished calls."""
        folder = self.request.folder
        for name, capture in self._captures.items():
            try:
                self._outcome(name)["details"] = capture.save(folder)
            except Exception as error:
                self._fail(name, error)
        recording = {
            "schema": RECORDING_SCHEMA,
            "created": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "complete": self._complete,
            "interrupted": self.interrupted,
            "environment": environment.describe(self.workload.root),
            "workload": dict(
                self.workload.describe(),
                input_shapes=self._shapes,
                loads=None if self._inner_calls is None else self._inner_calls.loads,
                inner_calls=None if self._inner_calls is None else self._inner_calls.entries,
                settling_ns=self._settling_ns,
                threads_in_keras=self._threads_in_keras,
                **self._counted,
                cold_traces=[trace for call in self._cold_traces.describe() for trace in call],
                traced=[] if self._traces is None else self._traces.describe(),
                input_lines=None if self._input_lines is None else self._input_lines.describe(),
            ),
            "captures": self._outcomes,
            "calls": self._calls,
            "internals": [
                describe_row(row, self.workload.root, target)
                for row, target in zip(self.request.internals, self._resolved)
            ],
        }
        write_json(os.path.join(folder, FILES["recording"]), recording)


class _Interrupts:
    """Remembers Ctrl-C. Python drops the exception if it is raised in a destructor.

    https://docs.python.org/3/library/signal.html#handlers-and-exceptions
    """

    def __init__(self) -> None:
        self._happened = False
        self._previous: Any = None

    def __enter__(self) -> _Interrupts:
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(self, *error: object) -> None:
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)

    def _handle(self, number: int, frame: object) -> None:
        self._happened = True
        raise KeyboardInterrupt

    def check(self) -> None:
        """Raises ``KeyboardInterrupt`` if there was one, whether it was seen or dropped."""
        if self._happened:
            raise KeyboardInterrupt


def _duration(ns: int) -> str:
    return "{:.1f} s".format(ns / 1e9) if ns >= 1e9 else "{:.0f} ms".format(ns / 1e6)


def _first_line(error: Exception) -> str:
    """Returns an error's text without the arrays that some contain; the traceback has all of it."""
    lines = str(error).strip().splitlines() or [""]
    return lines[0] if len(lines[0]) <= 300 else lines[0][:300] + "…"


def _show_inputs(inputs: Inputs) -> str:
    return ", ".join("{dtype} {shape} ({kind})".format(**one) for one in inputs.describe())

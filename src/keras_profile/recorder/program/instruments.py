"""Decides which calls of a group get which instrument, and holds the instruments.

A call gets an instrument at random, as long as the cost stays within the allowance; all others
are made bare. The process has one instrument at a time.
"""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Any

from ..captures import Unavailable, make_capture
from ..captures.context import Context
from ..frameworks.tensorflow.profiler import TURNS
from ..probes.resolving import resolve_all
from ..protocol import CAPTURE_OF, CAPTURES, events
from ..protocol.requests import RecordRequest
from ..untouched import perf_counter_ns, thread_time_ns
from ..workload.schedule import SETTLE_BELOW_NS
from .theirs import in_use

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from ..captures import Instrument
    from ..measuring import Measured
    from ..protocol.requests import RecorderOptions
    from .allowance import Allowance
    from .groups import Group
    from .process_files import ProcessFiles

#: Calls shorter than this are made in a row under an instrument, after one that lets the interpreter
#: settle. And the least number of calls under spans before other instruments have a turn.
SHORT_NS, FIRST_SPANS = 20000000, 3
#: The largest share of the calls that get an instrument.
MOST_OFTEN = 0.5
#: If a call is longer by more than this many times the first guess, there is probably another reason,
#: such as a pause of the machine.
MOST_LONGER = 4
#: The least time between two writes of a capture whose file is written as a whole each time.
SAVING_NS = 5000000000
#: Announced once if the program's own instruments are in the way.
ASIDE = "calls were made bare while the program used {} itself"


class Block:
    """Calls in a row under one instrument: how many are left, and whether the first settles."""

    def __init__(self, name: str, left: int, settling: bool) -> None:
        self.name = name
        self.left = left
        self.settling = settling


class CallUnderInstrument:
    """A call under an instrument, on the thread ``ident``, and the time to put that in place."""

    def __init__(self, capture: Any, group: Group, name: str, keep: bool) -> None:
        self.capture = capture
        self.group = group
        self.name = name
        self.keep = keep
        self.ident = threading.get_ident()
        self.make_ns = self.around_ns = 0


class Instruments:
    """The instruments of a process. ``tell`` writes an event."""

    def __init__(
        self,
        options: RecorderOptions,
        files: ProcessFiles,
        allowance: Allowance,
        tell: Callable[[events.Event], None],
    ) -> None:
        self._names = [name for name in CAPTURES if name in options.captures and name != "bare"]
        self._internals = options.internals
        self._extra_path = options.extra_path
        self._files = files
        self._allowance = allowance
        self._tell = tell
        self._random = random.Random()  # the program's own random numbers stay as they are
        self.lock = threading.Lock()
        self._spans: Any = None
        self._probed = 0
        self._under: CallUnderInstrument | None = None
        self._stepped_aside = False
        #: By a group's number and a capture's name: the instrument; its calls and status; when its
        #: file was written.
        self._captures: dict[tuple[int, str], Instrument] = {}
        self._made: dict[tuple[int, str], tuple[int, str]] = {}
        self._saved: dict[tuple[int, str], int] = {}
        #: What an instrument is expected to cost: ns to make it, ns to install and remove it, and
        #: how much longer a call takes. A guess at first.
        self._costs: dict[str, list[float]] = {
            name: list(CAPTURE_OF[name].program_costs) for name in self._names
        }

    # --- which ---

    def choose(self, group: Group) -> Block | None:
        """Returns a :class:`Block` for the next calls of the group, or None to make them bare."""
        if not group.has_bare and self._done(group, "spans"):
            return None
        candidates = [name for name in self._names if self._wants(group, name)]
        first = self._done(group, "spans") < FIRST_SPANS
        if not candidates or (not first and self._random.random() > MOST_OFTEN):
            return None
        weights = [CAPTURE_OF[name].share for name in candidates]
        name = self._random.choices(candidates, weights)[0]
        calls = CAPTURE_OF[name].program_block if group.call_ns < SHORT_NS else 1
        settling = calls > 1 and group.call_ns < SETTLE_BELOW_NS
        cost_ns, once_ns = self._expected(group, name, calls + settling)
        if not self._allowance.allows(cost_ns, once_ns, first=first and name == "spans"):
            return None
        return Block(name, calls, settling)

    def _wants(self, group: Group, name: str) -> bool:
        done, status = self._made.get((group.number, name), (0, "ok"))
        if status != "ok" or done >= CAPTURE_OF[name].most_in_all:
            return False
        if name != "spans" and "spans" in self._names:
            return self._done(group, "spans") >= FIRST_SPANS or not self._wants(group, "spans")
        return True

    def _done(self, group: Group, name: str) -> int:
        return self._made.get((group.number, name), (0, ""))[0]

    def _expected(self, group: Group, name: str, calls: int) -> tuple[float, float]:
        make, around, longer = self._costs[name]
        made = self._spans is not None if name == "spans" else (group.number, name) in self._captures
        return around * calls + longer * group.call_ns * calls, 0 if made else make

    # --- a call under an instrument ---

    def begin(self, group: Group, block: Block, frame: FrameType) -> CallUnderInstrument | None:
        """Puts the block's instrument in place for the call that runs in ``frame``.

        Returns None if an instrument of the program is in the way, or if this one failed: then it is
        not used again.
        """
        theirs = in_use()
        if theirs is not None:
            self._step_aside(theirs)
            return None
        name, keep = block.name, not block.settling
        begin = thread_time_ns()
        capture = None
        try:
            capture = self._capture(group, name)
            if capture is None:
                return None
            around = thread_time_ns()
            capture.start()
            capture.begin(frame, keep)
        except Exception as error:
            if capture is not None:  # a part of it may be in place
                self._stop(group, name, capture, False)
            theirs = in_use()
            if theirs is not None:  # it began meanwhile, on another thread
                self._step_aside(theirs)
            else:
                self._fail(group, name, error)
            return None
        self._under = CallUnderInstrument(capture, group, name, keep)
        self._under.make_ns, self._under.around_ns = around - begin, thread_time_ns() - around
        return self._under

    def end(self, under: CallUnderInstrument, measured: Measured | None) -> bool:
        """Removes the instrument from a call and returns whether the call counts.

        ``measured`` is None if the call raised.
        """
        done = thread_time_ns()
        capture, group, name, keep = under.capture, under.group, under.name, under.keep
        self._under = None
        try:
            if capture.displaced():
                measured = None
                self._step_aside("something that began within a call")
                capture.abandon()
            else:
                capture.end(measured, keep)
        except Exception as error:
            measured = None
            self._fail(group, name, error)
        self._stop(group, name, capture, keep and measured is not None)
        around_ns = under.around_ns + thread_time_ns() - done
        self._allowance.spend(name, under.make_ns, once=True)
        self._allowance.spend(name, around_ns)
        self._learn(name, under.make_ns, around_ns)
        if measured is None:
            return False
        if group.has_bare and keep:
            # One call may be long for any reason: what counts is how much longer calls are on average.
            longer = (measured.end_ns - measured.begin_ns) / max(group.call_ns, 1) - 1
            longer = min(max(longer, 0.0), MOST_LONGER * CAPTURE_OF[name].program_costs.longer)
            self._costs[name][2] += (longer - self._costs[name][2]) * 0.2
            self._allowance.spend(name, self._costs[name][2] * group.call_ns)
        return True

    def give_way(self) -> None:
        """Ends a trace of the recorder's, since the program wants TensorFlow's profiler."""
        TURNS.give_way()

    def forsake(self) -> None:
        """In a forked child: removes what the parent's instrument has put into the process."""
        under, self._under = self._under, None
        TURNS.forsake()
        if under is not None:
            under.capture.forsake(under.ident == threading.get_ident())

    def _step_aside(self, theirs: str) -> None:
        if not self._stepped_aside:
            self._stepped_aside = True
            self._tell(events.Announce(ASIDE.format(theirs)))

    def _learn(self, name: str, make_ns: int, around_ns: int) -> None:
        costs = self._costs[name]
        if make_ns > 10000:
            costs[0] = make_ns
        costs[1] += (around_ns - costs[1]) * 0.3

    def _stop(self, group: Group, name: str, capture: Any, kept: bool) -> None:
        key = (group.number, name)
        try:
            capture.stop()
            if name == "spans":
                codes, times = capture.take()
                if kept:
                    self._files.spans(group.number, codes, times)
            elif kept and perf_counter_ns() - self._saved.get(key, -SAVING_NS) > SAVING_NS:
                self._save(group.number, name)
                self._saved[key] = perf_counter_ns()
        except Exception as error:
            self._fail(group, name, error)
            return
        if kept:
            self._made[key] = (self._made.get(key, (0, "ok"))[0] + 1, "ok")

    def _capture(self, group: Group, name: str) -> Instrument | None:
        if name == "spans":
            return self._make_spans(group)
        key = (group.number, name)
        if key not in self._captures:
            made = self._make(group, name, self._files.group_folder(group.number), self.resolved(group))
            if made is None:
                return None
            self._captures[key] = made
        return self._captures[key]

    def _make_spans(self, group: Group) -> Instrument | None:
        resolved = self.resolved(group)
        count = sum(target is not None for target in resolved)
        if self._spans is None:
            self._spans = self._make(group, "spans", "", resolved)  # their events go to the process's files
            self._probed = count
        elif count > self._probed:  # modules that were imported since then have more of them
            self._spans.probe(self._context(group, "", resolved))
            self._probed = count
        key = (group.number, "spans")
        if self._spans is not None and key not in self._made:
            self._made[key] = (0, "ok")
            self._tell(events.Capture(group.number, "spans", "ok", "", self._spans.details()))
        made: Instrument | None = self._spans
        return made

    def _make(self, group: Group, name: str, folder: str, resolved: list[Any]) -> Instrument | None:
        try:
            capture = make_capture(name, self._context(group, folder, resolved))
        except Unavailable as error:
            self._outcome(group, name, "skipped", str(error))
            return None
        except Exception as error:
            self._fail(group, name, error)
            return None
        return capture

    def _context(self, group: Group, folder: str, resolved: list[Any]) -> Context:
        # sys.monitoring has few tools, and they are for the program.
        request = RecordRequest(
            folder=folder,
            target="",
            internals=self._internals,
            extra_path=self._extra_path,
            mechanism="recompilation",
        )
        return Context(request, group.entry, resolved, in_program=True)

    def _save(self, number: int, name: str) -> None:
        details = self._captures[number, name].save(self._files.group_folder(number))
        self._tell(events.Capture(number, name, "ok", "", details))

    def _fail(self, group: Group, name: str, error: Exception) -> None:
        self._outcome(group, name, "failed", "{}: {}".format(type(error).__name__, error))

    def _outcome(self, group: Group, name: str, status: str, reason: str) -> None:
        self._made[group.number, name] = (self._done(group, name), status)
        self._tell(events.Capture(group.number, name, status, reason))

    def resolved(self, group: Group) -> list[Any]:
        """Returns the internals as the group's release has them."""
        return resolve_all(self._internals, group.root)

    def close(self) -> None:
        """Writes what is not yet written and removes everything from the process."""
        for (number, name), capture in list(self._captures.items()):
            try:
                capture.close()
                self._save(number, name)
            except Exception as error:
                reason = "{}: {}".format(type(error).__name__, error)
                self._tell(events.Capture(number, name, "failed", reason))
        if self._spans is not None:
            self._spans.close()
        # Probes are in functions of the program's models: what holds them would keep the models, and with
        # them open files of the program, beyond its end.
        self._spans = None
        self._captures.clear()

"""Makes a program's calls again after its own code has ended, and tries recipes.

A program that calls a model once or twice leaves nothing to divide into phases: the first call is cold,
the next ones settle. So the calls of the groups that matter are made again with the kept inputs, under
all captures, like those of a model. What the program itself showed stays in its recording.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from ..protocol import LEAST_S, MOST_S, RecorderError, events
from ..trials.patience import TimeIsOver
from ..trials.recipe_session import try_recipes
from ..workload.recording_session import FEW_CALLS
from .describing import make_workload
from .replay import make_again, obstacle

if TYPE_CHECKING:
    from .groups import Group
    from .watch import Watch

#: At most this many lines are looked at, the most expensive first. Their calls must take at least this
#: share of the program without the import of Keras and TensorFlow, which is most of a short program.
#: A service waits most of the time: for it, the share is of the processor time.
MOST_LINES, LEAST_SHARE = 3, 0.05
#: The results of these have a gradient, which a tape may be there for.
_DIFFERENTIABLE = ("call", "call_inference", "function")
#: The share of a group's time for making its calls again, if recipes are tried too. A replay of this
#: many seconds shows all that a longer one would.
REPLAY_SHARE, REPLAY_MOST_S = 0.4, 8.0
#: How many calls replaying and trying recipes take together. If calls are long, they get the time for it, up
#: to this many times the program's.
CALLS_TO_MAKE, LONG_CALLS = 60, 3.0
#: Everything is ended after this many times the announced time, whatever it is doing.
LAST = 1.35
#: An exception does not end what hangs in native code. So the process is ended after this many times
#: the announced time, plus these seconds.
_NATIVE_TIMES, _NATIVE_S = 2.1, 15.0


def is_worth_a_look(watch: Watch) -> bool:
    """Whether there are calls to look at, and the watch's options ask for it."""
    return bool((watch.options.replay or watch.options.trials) and watch.groups and _lines(watch))


def look_closer(watch: Watch, listener: events.Report | None = None) -> None:
    """Makes the calls of the most expensive lines again, and tries recipes on them.

    Does only what the watch's options ask for. ``listener`` gets each event, and so does the process's
    file. Ctrl-C ends it and keeps what was found until then.
    """
    options = watch.options
    lines = _lines(watch)
    if not lines or not (options.replay or options.trials):
        return
    seconds = options.seconds or in_proportion(watch.process.wall_ns / 1e9, _calls_s(lines))
    clock = _Clock(seconds)
    for number, line in enumerate(lines):
        rest = sum(one.total_ns for one in lines[number:])
        left = clock.left_s * line.total_ns / max(rest, 1)
        if not _Closer(watch, line, left, clock, listener).look():
            return


def in_proportion(program_s: float, calls_s: float = 0.0) -> float:
    """Returns for how many seconds to look at a program that took ``program_s``.

    ``calls_s`` is how long it takes to make the calls that are needed: if that is too long, it is not tried.

    >>> in_proportion(2.0), in_proportion(25.0), in_proportion(3600.0)
    (10.0, 25.0, 60.0)
    >>> in_proportion(12.0, 6.0), in_proportion(12.0, 30.0), in_proportion(12.0, 300.0)
    (12.0, 30.0, 12.0)
    """
    usual_s = min(max(program_s, LEAST_S), MOST_S)
    return max(usual_s, calls_s) if calls_s <= min(LONG_CALLS * program_s, MOST_S) else usual_s


def _calls_s(lines: list[_Line]) -> float:
    """Returns how long all lines need so that the most expensive one is looked at; 0 if not known.

    Only calls after the first show how long a call takes.
    """
    first = lines[0]
    if not first.group.has_bare:
        return 0.0
    return CALLS_TO_MAKE * first.group.call_ns / 1e9 * sum(line.total_ns for line in lines) / first.total_ns


class _Clock:
    """The time for all lines together, in seconds."""

    def __init__(self, whole_s: float) -> None:
        self.whole_s = whole_s
        self._end = time.monotonic() + whole_s

    @property
    def left_s(self) -> float:
        """What is left of the announced time."""
        return max(self._end - time.monotonic(), 0.0)

    @property
    def last_s(self) -> float:
        """In how many seconds everything is to be ended."""
        return self._after_s(LAST)

    @property
    def native_s(self) -> float:
        """In how many seconds the process is to be ended."""
        return self._after_s(_NATIVE_TIMES) + _NATIVE_S

    def _after_s(self, times: float) -> float:
        return max(self._end + (times - 1) * self.whole_s - time.monotonic(), 0.0)


class _Line:
    """The calls of a line, with inputs of any shape; ``group`` has those that took the most time."""

    def __init__(self, groups: list[Group]) -> None:
        self.group = max(groups, key=lambda one: one.total_ns)
        self.total_ns = sum(one.total_ns for one in groups)


def _lines(watch: Watch) -> list[_Line]:
    """Returns the lines that matter, the most expensive first."""
    process = watch.process
    whole = min(process.wall_ns, process.cpu_ns)
    by_base: dict[int, list[Group]] = {}
    for group in watch.groups:
        if group.call is not None:
            by_base.setdefault(group.base, []).append(group)
    lines = [_Line(groups) for groups in by_base.values()]
    least_ns = LEAST_SHARE * max(whole - process.importing_ns, 0)
    expensive = sorted(lines, key=lambda line: -line.total_ns)
    return [line for line in expensive if line.total_ns >= least_ns][:MOST_LINES]


def _enough_s(call_ns: int) -> float:
    """Returns how many seconds, rounded up, are enough to try changes on a call of this length."""
    return 10.0 * (1 + int(FEW_CALLS * call_ns / 1e9 / (1 - REPLAY_SHARE) / 10))


class _Closer:
    """A closer look at one line, for ``seconds``."""

    def __init__(
        self, watch: Watch, line: _Line, seconds: float, clock: _Clock, listener: events.Report | None
    ) -> None:
        self._watch = watch
        self._clock = clock
        self._group = line.group
        self._end = time.monotonic() + seconds
        self._seconds = seconds
        self._listener = listener

    def look(self) -> bool:
        """Looks, and returns whether everything was done that there was time for, without an interrupt."""
        options, group = self._watch.options, self._group
        call_ns = group.call_ns
        self._report(
            events.Looking(
                "looking closer at the calls for about {:.0f} s; press Ctrl-C to stop".format(
                    self._clock.whole_s
                ),
                self._clock.native_s,
            )
        )
        reason = obstacle(group)
        if reason is not None:
            self._report(events.Announce("calls could not be replayed: {}".format(reason)))
            return True
        if options.replay:
            seconds = min(REPLAY_MOST_S, (REPLAY_SHARE if options.trials else 1.0) * self._seconds)
            last_s = self._clock.last_s
            again = make_again(self._watch, group, seconds, self._seconds, last_s, self._report)
            if again is not None:
                if again.interrupted:
                    return False
                call_ns = again.call_ns
        if options.trials is not None and group.unknown is None:
            return self._try_recipes(call_ns)
        return True

    def _try_recipes(self, call_ns: int) -> bool:
        options, group = self._watch.options, self._group
        assert options.trials is not None
        assert group.call is not None
        assert group.workload is not None  # it was described when its call was kept
        left = max(self._end - time.monotonic(), 0.0)
        if group.call.entry in _DIFFERENTIABLE and (group.workload.get("switches") or {}).get("tape"):
            self._report(
                events.Announce(
                    "no recipes were tried: a GradientTape records the calls, and a recipe's gradients may "
                    "differ from the model's"
                )
            )
            return True
        if FEW_CALLS * call_ns > left * 1e9:
            self._report(
                events.Announce(
                    "no recipes were tried for this line: only {:.0f} s were left; "
                    "increase --seconds by {:.0f} to try some".format(left, _enough_s(call_ns))
                )
            )
            return True
        trials = replace(options.trials, seconds=left, in_all=True)
        folder = self._watch.files.group_folder(group.number)
        try:
            # The user's callbacks may have effects outside the process: they are not replayed.
            workload = make_workload(
                group.call, group.workload["target"], folder, group.inputs, with_callbacks=False
            )
            request = workload.request.trying(trials)
            return try_recipes(
                request,
                self._report,
                lambda: workload,
                in_users_process=True,
                last_s=self._clock.last_s,
            )
        except TimeIsOver:
            self._report(events.Announce("changes could not be tried: the call did not return in time"))
            return True
        except RecorderError as error:
            self._report(events.Announce("changes could not be tried: {}".format(error.message)))
            return True

    def _report(self, event: events.Event) -> None:
        if isinstance(event, events.Told):
            event.group = self._group.number
        if isinstance(event, events.Progress):  # what is left of the whole, not of its parts
            event.left_ns = int(self._clock.left_s * 1e9)
            event.budget_ns = int(self._clock.whole_s * 1e9)
        self._watch.files.event(event)
        if self._listener is not None:
            self._listener(event)

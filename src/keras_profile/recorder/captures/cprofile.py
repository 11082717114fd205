"""``cprofile``: exact call counts and caller-callee edges, from the standard library."""

from __future__ import annotations

import cProfile
import marshal
import os
import sys
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, Tuple

from ..protocol import FILES
from ..whole_file import write_json
from . import Instrument, Unavailable

if TYPE_CHECKING:
    from types import FrameType

    from ..measuring import Measured
    from .context import Context

#: How often the cost of a profiled call is measured, and over how many calls.
_TRIALS, _TRIAL_CALLS = 5, 2000
#: A function's file, line and name.
_Row = Tuple[str, int, str]
#: Profiles whose place somebody else took within a call: they are kept forever.
_ABANDONED: list[cProfile.Profile] = []


class CProfile(Instrument):
    """Calls under cProfile, which counts them."""

    def __init__(self, context: Context) -> None:
        if context.in_program and sys.version_info >= (3, 12):
            raise Unavailable("a process has room for only one profiler, which is left to the program")
        if sys.getprofile() is not None:
            raise Unavailable("another profiler is active in this process: {!r}".format(sys.getprofile()))
        self._call_cost_ns = call_cost_ns()
        self._profile = cProfile.Profile()
        self._running = False
        self._calls = 0
        self._wall_ns = 0
        #: The function that a program calls, which begins before the profiler does, and its calls.
        self._called: _Row | None = None
        self._called_calls = 0

    def start(self) -> None:
        self._profile.enable()
        self._running = True

    def stop(self) -> None:
        if self._running:
            self._running = False
            self._profile.disable()

    def begin(self, frame: FrameType | None, keep: bool) -> None:
        if frame is not None:
            code = frame.f_code
            self._called = (code.co_filename, code.co_firstlineno, code.co_name)

    def end(self, measured: Measured | None, keep: bool) -> None:
        # Every call of a block is in the profile, including the settling ones: switching the
        # profiler between calls would cost more than it would separate.
        if measured is not None:
            self._calls += 1
            self._wall_ns += measured.end_ns - measured.begin_ns
            self._called_calls += self._called is not None

    def displaced(self) -> bool:
        # From Python 3.12 on, cProfile is not a profile function, and is not used in programs.
        active: Any = sys.getprofile()
        return self._running and sys.version_info < (3, 12) and active is not self._profile

    def abandon(self) -> None:
        # Disabling or releasing it would do harm: both remove whatever profiler is active.
        _ABANDONED.append(self._profile)
        self._profile = cProfile.Profile()
        self._running = False
        self._calls = self._wall_ns = self._called_calls = 0

    def close(self) -> None:
        self.stop()

    def save(self, folder: str) -> dict[str, Any]:
        # What create_stats does, without disable, which would remove a profiler of the program.
        self._profile.snapshot_stats()
        stats: dict[Any, Any] = dict(self._profile.stats)
        if self._called_calls:
            assert self._called is not None
            _add_called(stats, self._called, self._called_calls, self._wall_ns / 1e9)
        with open(os.path.join(folder, FILES["cprofile"]), "wb") as file:
            marshal.dump(stats, file)
        # The same again as JSON: the .prof is for viewers, and is marshal, which must not be
        # loaded from a recording that came from elsewhere.
        functions = list(stats)
        number = {function: index for index, function in enumerate(functions)}
        # For a function (primitive calls, calls, ...), for an edge (calls, primitive calls, ...).
        edges = [
            (number[caller], number[callee], counts)
            for callee in functions
            for caller, counts in stats[callee][4].items()
            if caller in number
        ]
        table = {
            "calls": self._calls,
            "wall_ns": self._wall_ns,
            "functions": functions,
            "primitive_calls": [stats[function][0] for function in functions],
            "total_calls": [stats[function][1] for function in functions],
            "self_ns": [int(stats[function][2] * 1e9) for function in functions],
            "total_ns": [int(stats[function][3] * 1e9) for function in functions],
            "edges": [[caller, callee, counts[0], int(counts[3] * 1e9)] for caller, callee, counts in edges],
            "edge_self_ns": [int(counts[2] * 1e9) for _, _, counts in edges],
        }
        write_json(os.path.join(folder, FILES["cprofile_table"]), table)
        return {"profiled_calls": self._calls, "call_cost_ns": self._call_cost_ns}


def _add_called(stats: dict[Any, Any], called: _Row, calls: int, wall_s: float) -> None:
    """Adds a function that began before the profiler: calls without a caller were made by it."""
    within_s = 0.0
    for function, (primitive, total, own_s, all_s, callers) in list(stats.items()):
        edges = list(callers.values())  # (calls, primitive calls, own time, time with what they call)
        more = total - sum(edge[0] for edge in edges)
        if more > 0 and function != called:
            own, whole = (
                max(time - sum(edge[place] for edge in edges), 0.0)
                for time, place in ((own_s, 2), (all_s, 3))
            )
            within_s += whole
            known = callers.get(called, (0, 0, 0.0, 0.0))
            edge = (known[0] + more, known[1] + more, known[2] + own, known[3] + whole)
            stats[function] = (primitive, total, own_s, all_s, {**callers, called: edge})
    primitive, total, own_s, all_s, callers = stats.get(called, (0, 0, 0.0, 0.0, {}))
    stats[called] = (
        primitive + calls,
        total + calls,
        own_s + max(wall_s - within_s, 0.0),
        all_s + wall_s,
        callers,
    )


def call_cost_ns() -> int:
    """Measures what cProfile adds to a call of a Python function, in ns, on this machine now.

    It is the minimum of several trials: other work on the machine can only add time.
    """

    def calls() -> None:
        for _ in range(_TRIAL_CALLS):
            _nothing()

    def duration(profile: cProfile.Profile | None) -> int:
        if profile is not None:
            profile.enable()
        begin = perf_counter_ns()
        calls()
        end = perf_counter_ns()
        if profile is not None:
            profile.disable()
        return end - begin

    plain = min(duration(None) for _ in range(_TRIALS))
    profiled = min(duration(cProfile.Profile()) for _ in range(_TRIALS))
    return max(0, profiled - plain) // _TRIAL_CALLS


def _nothing() -> None:
    pass


INSTRUMENT = CProfile

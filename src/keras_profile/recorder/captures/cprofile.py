"""``cprofile``: exact call counts and caller-callee edges, from the standard library."""

from __future__ import annotations

import cProfile
import json
import os
import sys
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from ..measuring import Measured, measured_call
from ..protocol import FILES
from . import Instrument, Unavailable

if TYPE_CHECKING:
    from .context import Context

#: How often the cost of a profiled call is measured, and over how many calls.
_TRIALS, _TRIAL_CALLS = 5, 2000


class CProfile(Instrument):
    """Calls under cProfile, which counts them."""

    def __init__(self, context: Context) -> None:
        if sys.getprofile() is not None:
            raise Unavailable("another profiler is active in this process: {!r}".format(sys.getprofile()))
        self._call_cost_ns = call_cost_ns()
        self._profile = cProfile.Profile()
        self._calls = 0
        self._wall_ns = 0

    def start(self) -> None:
        self._profile.enable()

    def stop(self) -> None:
        self._profile.disable()

    def measure(self, call: Any, x: Any, keep: bool) -> Measured:
        # Every call of a block is in the profile, the settling ones too: switching the
        # profiler between calls would cost more than it separates.
        measured = measured_call(call, x)
        self._calls += 1
        self._wall_ns += measured.end_ns - measured.begin_ns
        return measured

    def close(self) -> None:
        self.stop()

    def save(self, folder: str) -> dict[str, Any]:
        self._profile.create_stats()
        stats: dict[Any, Any] = self._profile.stats
        self._profile.dump_stats(os.path.join(folder, FILES["cprofile"]))
        # The same once more as JSON: the .prof is what viewers open, and is marshal,
        # which must not be loaded from a recording that came from elsewhere.
        functions = list(stats)
        number = {function: index for index, function in enumerate(functions)}
        # Of a function (primitive calls, calls, ...), of an edge (calls, primitive calls, ...).
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
        with open(os.path.join(folder, FILES["cprofile_table"]), "w", encoding="utf-8") as file:
            json.dump(table, file)
        return {"profiled_calls": self._calls, "call_cost_ns": self._call_cost_ns}


def call_cost_ns() -> int:
    """What cProfile adds to a call of a Python function, in ns on this machine, now.

    The least of some trials: other work on the machine only ever adds.
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

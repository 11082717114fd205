"""How exact the exact counts are: one program in many runs, each under other conditions.

    python -m benchmarks.exact_counts [--runs 20] [--python PATH]

What a gate holds is counted in each run of the models of tests/programs/compared.py: with another hash seed,
other numbers of threads, with and without oneDNN, with another process that computes meanwhile. What ever
differed is listed with its values; only what never did is in a lock (``LOCKED`` of
features/gate/exact.py, ``CERTAIN`` of analysis/call_limits.py).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from keras_profile.analysis.attribution.internals import internals_for_recorder
from keras_profile.analysis.call_limits import CERTAIN
from keras_profile.analysis.differences.counts import Compared, counts_of
from keras_profile.analysis.reports import make_report
from keras_profile.features.comparing.in_turn import SideToMeasure, started
from keras_profile.features.gate.exact import CALLS
from keras_profile.launch.interpreters import find_interpreter
from keras_profile.recorder.protocol.commands import CountKept, MakeBlock
from keras_profile.recorder.protocol.requests import CompareRequest
from keras_profile.recordings.opened import open_recording

MODELS = Path(__file__).parents[1] / "tests" / "programs" / "compared.py"
NAMES = ("tiny", "mobile")
#: Settings of each run, drawn from in turn.
SETTINGS = (
    {},
    {"TF_ENABLE_ONEDNN_OPTS": "0"},
    {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"},
    {"TF_NUM_INTRAOP_THREADS": "8", "TF_NUM_INTEROP_THREADS": "4"},
    {"PYTHONHASHSEED": "0"},
    {"MALLOC_ARENA_MAX": "1"},
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    python = find_interpreter(options.python)
    for name in NAMES:
        seen: dict[str, set[float]] = defaultdict(set)
        for number in range(options.runs):
            settings = {"PYTHONHASHSEED": str(number + 1), **SETTINGS[number % len(SETTINGS)]}
            for what, value in counted(name, python, settings, busy=number % 2 == 1).items():
                seen[what].add(value)
        moved = {what: values for what, values in seen.items() if len(values) > 1}
        print(f"{name}: {options.runs} runs, {len(seen)} facts, {len(moved)} moved")
        for what, values in sorted(moved.items()):
            print(f"  {what}: {', '.join(format(one, 'g') for one in sorted(values))}")


def counted(name: str, python: str, settings: dict[str, str], busy: bool) -> dict[str, float]:
    """All facts of one run."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if busy:
            other = subprocess.Popen([sys.executable, "-c", "while True: sum(range(10000))"])
            stack.callback(other.kill)
        request = CompareRequest(
            folder="",
            target=f"{MODELS}:{name}",
            captures=["bare", "spans", "cprofile"],
            internals=internals_for_recorder(),
        )
        side = SideToMeasure(name, request, python, env=settings)
        with started(side, folder, lambda event: None) as process:
            process.ready()
            process.make(MakeBlock("spans", 0, CALLS))
            process.make(MakeBlock("bare", 1, CALLS))
            process.count_kept(CountKept(CALLS))
            process.make(MakeBlock("cprofile", 2, CALLS))
        opened = open_recording(folder)
        found = Compared(make_report(opened), opened)
        facts = {count: value for count, value in counts_of(found).items() if value is not None}
        facts |= {
            f"{module}.{name}": value for (module, name), value in (found.internal_counts or {}).items()
        }
        for finding in found.report.findings:
            kind = "certain" if finding.rule in CERTAIN else "finding"
            facts[f"{kind} {finding.rule}"] = float(finding.verdict in ("found", "included"))
        return facts


if __name__ == "__main__":
    main()

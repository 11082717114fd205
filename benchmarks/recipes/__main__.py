"""What recipes gain on models and usages of many kinds, and whether the verdicts can be trusted.

    python -m benchmarks.recipes [--generations keras-3.15 tf-2.0] [--workloads tiny lstm]
    python -m benchmarks.recipes --same 200
    python -m benchmarks.recipes --write docs/recipes-benchmark.md

The first prints the table of each workload, with the change that an expert found by hand
measured in the same rounds. The second compares calls with themselves: each that claims a
difference is wrong. ``--results`` names the file that results are added to, a line each;
``--write`` makes the page from it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from tests.support import environments

from keras_profile.analysis.comparisons.costs import fit_scaling
from keras_profile.analysis.comparisons.verdicts import compare_trials
from keras_profile.launch import recorder_process
from keras_profile.output.progress import ProgressDisplay
from keras_profile.recorder.protocol.requests import TrialOptions, TryRequest
from keras_profile.recordings.json_files import read_trials

from . import page
from .experts import CONCRETE, EXPERTS, Expert

WORKLOADS = Path(__file__).with_name("workloads.py")
#: All on the newest release, the first four on these older ones.
NEWEST, OLDER = "keras-3.15", ("tf-2.0", "tf-2.6", "tf-2.15")
ON_OLDER = ("tiny", "deep", "mobilenet", "lstm")
#: The recipe that stands for the expert's change, and those that change nothing.
EXPERT, SAME = "expert", "same"
#: Comparisons of a call with itself that one session makes.
SAME_AT_ONCE = 20

_PLANTED = """
from .recipe import Change, Recipe
RECIPES = tuple(
    Recipe(id, id, "", lambda usage, change=change: [Change(*change, any_rows={any_rows})],
           kinds=("array", "tensor", "dataset", "generator", "pydataset"))
    for id, *change in {planted!r}) + {kept}
"""


@contextmanager
def planted(recipes: dict[str, Expert], alone: bool) -> Iterator[None]:
    """A copy of recorder and recipes that has these, by identity, alone or beside the usual ones."""
    usual = recorder_process.RECORDER
    with tempfile.TemporaryDirectory() as scratch:
        for part in ("recorder", "recipes"):
            shutil.copytree(usual.parent / part, Path(scratch) / part)
        catalogue = Path(scratch) / "recipes" / "catalogue.py"
        catalogue.write_text(
            catalogue.read_text()
            + _PLANTED.format(
                kept="()" if alone else "RECIPES",
                any_rows=alone,
                planted=[(id, id, one.call, one.setup, one.prepare) for id, one in recipes.items()],
            )
        )
        recorder_process.RECORDER = Path(scratch) / "recorder"
        try:
            yield
        finally:
            recorder_process.RECORDER = usual


def measure(generation: str, workload: str, seconds: float) -> dict[str, Any]:
    """The comparisons of one workload in one generation, the expert's change among them."""
    expert = EXPERTS[workload] if generation == NEWEST else CONCRETE
    with planted({EXPERT: expert}, alone=False):
        return {
            "kind": "workload",
            "generation": generation,
            "workload": workload,
            **_trials(generation, f"{WORKLOADS}:{workload}", seconds, processes=True),
        }


def measure_same(generation: str, workload: str, seconds: float) -> dict[str, Any]:
    """Comparisons of a call with itself."""
    same = Expert("", "model.predict(x, verbose=0)")
    with planted({f"{SAME}_{number}": same for number in range(SAME_AT_ONCE)}, alone=True):
        return {
            "kind": "same",
            "generation": generation,
            "workload": workload,
            **_trials(generation, f"{WORKLOADS}:{workload}", seconds, processes=False),
        }


def _trials(generation: str, target: str, seconds: float, processes: bool) -> dict[str, Any]:
    made = environments.GENERATIONS[generation]
    with tempfile.TemporaryDirectory() as folder, ProgressDisplay() as display:
        request = TryRequest(folder, target, trials=TrialOptions(seconds, processes=processes))
        recorder_process.try_in_process(request, str(environments.make(made)), display)
        trials = read_trials(Path(folder))
        assert trials is not None
        comparisons = compare_trials(trials)
        return {
            "comparisons": msgspec.to_builtins(comparisons),
            "scaling": msgspec.to_builtins(fit_scaling(trials, 32)),
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--generations", nargs="+", default=[NEWEST, *OLDER])
    parser.add_argument("--workloads", nargs="+", choices=EXPERTS)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--same", type=int, metavar="N", help="compare calls with themselves, N times")
    parser.add_argument("--results", type=Path, default=Path("recipes.jsonl"))
    parser.add_argument("--write", type=Path, metavar="PAGE")
    options = parser.parse_args()
    if options.write:
        results = [json.loads(line) for line in options.results.read_text().splitlines()]
        options.write.write_text(page.render(results))
        return 0
    if options.same:
        jobs = [(measure_same, NEWEST, workload) for workload in ("tiny", "deep")]
        jobs = jobs * -(-options.same // (SAME_AT_ONCE * len(jobs)))
    else:
        jobs = [
            (measure, generation, workload)
            for generation in options.generations
            for workload in options.workloads or EXPERTS
            if generation == NEWEST or workload in ON_OLDER
        ]
    for function, generation, workload in jobs:
        result = function(generation, workload, options.seconds)
        with options.results.open("a") as file:
            file.write(json.dumps(result) + "\n")
        print(page.section(result), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

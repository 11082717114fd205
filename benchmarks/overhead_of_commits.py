"""Whether one commit's recording costs more than another's: both in one run, in turn.

    python benchmarks/overhead_of_commits.py BEFORE [AFTER] [--rounds 8] [--seconds 10]

``AFTER`` is the working tree where none is given. Each round profiles a model under bare and
spans, and runs a program of short calls bare and watched, with each commit in turn; the order
changes from round to round. Inflation is the median call under spans over the median bare call
of the same recording; the cost of watching is the program's own time for its calls over that
of the bare program of the round. Of both, the ratio of the two commits in each round counts:
its median, with a bootstrap interval over rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
MODELS = ("tiny", "lstm")
RESAMPLES = 2000

PROGRAM = """
import time
import numpy as np
import keras

model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
row = np.ones((1, 4), "float32")
for _ in range(200):
    model.predict_on_batch(row)
began = time.perf_counter()
for _ in range(10_000):
    model.predict_on_batch(row)
print("seconds", time.perf_counter() - began)
"""


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="overhead-") as scratch:
        folder = Path(scratch)
        (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
        sources = {
            name: _source(commit, folder / name)
            for name, commit in (("before", options.before), ("after", options.after))
        }
        found: dict[str, dict[str, list[float]]] = {}
        for number in range(options.rounds):
            order = list(sources) if number % 2 else list(sources)[::-1]
            for model in MODELS:
                for name in order:
                    cost = _inflation(sources[name], folder, model, options.seconds)
                    found.setdefault(f"spans, {model}", {}).setdefault(name, []).append(cost)
            bare = _program(None, folder)
            for name in order:
                cost = _program(sources[name], folder) / bare
                found.setdefault("watching a program", {}).setdefault(name, []).append(cost)
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
        for what, costs in found.items():
            print(_row(what, np.array(costs["before"]), np.array(costs["after"])))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("before", metavar="BEFORE")
    parser.add_argument("after", metavar="AFTER", nargs="?")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10, help="how long each profile measures")
    return parser.parse_args()


def _source(commit: str | None, folder: Path) -> Path:
    """The source folder of a commit, or that of the working tree."""
    if commit is None:
        return ROOT / "src"
    folder.mkdir()
    archive = subprocess.run(["git", "archive", commit, "src"], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "-x"], cwd=folder, check=True, input=archive.stdout)
    return folder / "src"


def _inflation(source: Path, folder: Path, model: str, seconds: float) -> float:
    target = f"{ROOT / 'tests' / 'live' / 'workloads.py'}:{model}"
    options = ["--captures", "bare,spans", "--no-try", "--no-html", "--json", "--quiet"]
    command = ["-m", "keras_profile", "run", target, *options, "--seconds", str(seconds)]
    report = json.loads(_run(source, folder, command))
    (spans,) = [one for one in report["captures"] if one["name"] == "spans"]
    return float(spans["inflation"])


def _program(source: Path | None, folder: Path) -> float:
    """How long the program's calls took, by its own clock."""
    command = ["program.py"]
    if source is not None:
        command = ["-m", "keras_profile", "run", "--no-try", "--no-replay", "--no-html", "--quiet", *command]
    return float(_run(source, folder, command).rpartition("seconds")[2].split()[0])


def _run(source: Path | None, folder: Path, command: list[str]) -> str:
    environment = dict(os.environ)
    if source is not None:
        environment["PYTHONPATH"] = str(source)
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    return done.stdout


def _row(what: str, before: np.ndarray, after: np.ndarray) -> str:
    ratios = after / before
    random = np.random.default_rng(1)
    medians = np.median(random.choice(ratios, (RESAMPLES, len(ratios))), axis=1)
    low, high = np.quantile(medians, [0.025, 0.975])
    return (
        f"{what:20} before {np.median(before):.3f}  after {np.median(after):.3f}  "
        f"ratio {np.median(ratios):.3f} ({low:.3f}–{high:.3f})"
    )


if __name__ == "__main__":
    main()

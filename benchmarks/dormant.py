"""What recording in windows costs between them: a call in a process that waits for its next window, and bare.

    python benchmarks/dormant.py [--pairs 6] [--rounds 40] [--bare]

A pair is two processes with the same model, one of them started with the variables of ``keras-profile
environment --every 1h --for 1s``. It is recorded once first, so what a window leaves behind counts. Then
both make blocks of calls in turn on one core, one process at a time, in random order: a machine that others
use is slower now and faster then, and so it is for both. A round gives the ratio of their median calls. Two
processes differ by chance, such as by where their memory is: so there are several pairs.

Printed is the geometric mean of the ratios for each way to call, with a 95% interval from a bootstrap of
pairs and of the rounds in them. ``--bare`` compares bare processes with bare ones: what chance makes of 1.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

RESAMPLES = 5000
#: The ways to call, and how many calls are in a block of each.
WAYS = {"model(x)": 200, "predict_on_batch": 200, "predict": 8}
SIDE = """
import json, os, statistics, sys, time
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np, keras
code = keras.Model.predict.__code__
model = keras.Sequential([keras.layers.Input((16,)), keras.layers.Dense(32), keras.layers.Dense(4)])
x = np.ones((1, 16), "float32")
ways = {"model(x)": lambda: model(x), "predict_on_batch": lambda: model.predict_on_batch(x),
        "predict": lambda: model.predict(x, verbose=0)}
end, was_recorded = time.monotonic() + float(sys.argv[1]), False
while time.monotonic() < end:
    for call in ways.values():
        call()
    was_recorded = was_recorded or keras.Model.predict.__code__ is not code
print(json.dumps([was_recorded, keras.Model.predict.__code__ is code]), flush=True)
for line in sys.stdin:
    way, calls = json.loads(line)
    call, took = ways[way], []
    for _ in range(calls):
        begin = time.perf_counter_ns()
        call()
        took.append(time.perf_counter_ns() - begin)
    print(json.dumps(statistics.median(took)), flush=True)
"""
#: How long a process makes calls first: the window begins after one second and takes one.
FIRST_S = 6.0


class Side:
    """A process that makes blocks of calls on demand."""

    def __init__(self, folder: Path, dormant: bool) -> None:
        variables = {name: value for name, value in os.environ.items() if name != "KERAS_PROFILE"}
        if dormant:
            variables |= _variables(folder)
        self.process = subprocess.Popen(
            [sys.executable, "-c", SIDE, str(FIRST_S)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=variables,
            cwd=folder,
        )
        was_recorded, is_bare = json.loads(self._line())
        if (was_recorded, is_bare) != (dormant, True):
            raise SystemExit(f"dormant: {dormant}, but recorded before: {was_recorded}, bare now: {is_bare}")

    def median_ns(self, way: str, calls: int) -> float:
        """Makes a block of calls; the median of their times."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([way, calls]) + "\n")
        self.process.stdin.flush()
        return float(json.loads(self._line()))

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


def _variables(folder: Path) -> dict[str, str]:
    command = [sys.executable, "-m", "keras_profile", "environment", "--json"]
    command += ["--every", "1h", "--for", "1s", "--offset", "1s", "--output", str(folder)]
    content = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {**content["variables"], **content["put_before"]}


def measure(rounds: int, dormant: bool) -> dict[str, list[float]]:
    """The ratios of one pair of processes, one a round, by the way to call."""
    with tempfile.TemporaryDirectory() as scratch:
        sides = [Side(Path(scratch), False), Side(Path(scratch), dormant)]
        try:
            ratios: dict[str, list[float]] = {way: [] for way in WAYS}
            for _ in range(rounds):
                for way, calls in WAYS.items():
                    took = [0.0, 0.0]
                    for number in random.sample([0, 1], 2):
                        took[number] = sides[number].median_ns(way, calls)
                    ratios[way].append(took[1] / took[0])
            return ratios
        finally:
            for side in sides:
                side.end()


def interval(pairs: list[list[float]]) -> tuple[float, float, float]:
    """The geometric mean of all ratios, and its 95% interval."""
    logs = np.log(np.array(pairs))
    generator = np.random.default_rng(0)
    means = []
    for _ in range(RESAMPLES):
        chosen = logs[generator.integers(len(logs), size=len(logs))]
        picked = generator.integers(logs.shape[1], size=logs.shape)
        means.append(np.take_along_axis(chosen, picked, axis=1).mean())
    low, high = np.exp(np.quantile(means, [0.025, 0.975]))
    return float(np.exp(logs.mean())), float(low), float(high)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pairs", type=int, default=6, help="how many pairs of processes")
    parser.add_argument("--rounds", type=int, default=40, help="how many rounds each makes")
    parser.add_argument("--bare", action="store_true", help="compare bare processes with bare ones")
    options = parser.parse_args()
    if min(options.pairs, options.rounds) < 2:
        parser.error("at least 2 pairs and 2 rounds are needed for an interval")
    if hasattr(os, "sched_setaffinity"):  # both sides inherit it
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    measured = [measure(options.rounds, not options.bare) for _ in range(options.pairs)]
    print(f"{'bare' if options.bare else 'dormant'} over bare, {options.pairs} pairs of processes:")
    for way in WAYS:
        mean, low, high = interval([pair[way] for pair in measured])
        print(f"  {way:18s} {mean:.4f}  (95% {low:.4f} to {high:.4f})")


if __name__ == "__main__":
    main()

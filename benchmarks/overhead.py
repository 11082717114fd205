"""What measuring costs: each capture's inflation, and how long the program takes to start.

    python benchmarks/overhead.py [--seconds 60]

Inflation is the median call under a capture over the median bare call, both from the
same rounds of one process; its interval is a bootstrap over whole calls. Start-up times
are medians over interleaved runs, beside a bare start of the same interpreter.
"""
from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from keras_profile import store
from keras_profile.recorder.protocol import CAPTURES

WORKLOADS = Path(__file__).parents[1] / "tests" / "live" / "workloads.py"
MODELS = ("tiny", "mobilenet", "lstm")
RESAMPLES = 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="how long to measure each model")
    parser.add_argument("--starts", type=int, default=21, help="how often each start is timed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        print("inflation of a call of predict, by capture (95% interval)\n")
        print(f"{'model':12}{'bare ms':>9}  " + "".join(f"{name:>24}" for name in CAPTURES[1:]))
        recording = None
        for model in MODELS:
            recording = record(folder, model, options.seconds)
            print(row(model, recording), flush=True)
        print("\nstart-up, ms (5th to 95th percentile)\n")
        assert recording is not None
        starts(folder, recording, options.starts)


def record(folder: Path, model: str, seconds: float) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "keras_profile", "run", f"{WORKLOADS}:{model}", "--json",
         "--seconds", str(seconds)], cwd=folder, check=True, capture_output=True, text=True)
    return folder / "traces" / json.loads(done.stdout)["recording"]


def row(model: str, recording: Path) -> str:
    calls = store.read_recording(recording).content.calls
    bare = np.array(calls.wall("bare"))
    cells = []
    random = np.random.default_rng(1)
    for capture in CAPTURES[1:]:
        wall = np.array(calls.wall(capture))
        ratios = [
            np.median(random.choice(wall, len(wall))) / np.median(random.choice(bare, len(bare)))
            for _ in range(RESAMPLES)]
        low, high = np.quantile(ratios, [0.025, 0.975])
        cells.append(f"{np.median(wall) / np.median(bare):.3f} ({low:.3f}–{high:.3f})".rjust(24))
    return f"{model:12}{np.median(bare) / 1e6:9.2f}  " + "".join(cells)


def starts(folder: Path, recording: Path, count: int) -> None:
    commands = {
        "python -c pass": ["-c", "pass"],
        "keras-profile --help": ["-m", "keras_profile", "--help"],
        "keras-profile report": ["-m", "keras_profile", "report", str(recording), "--json"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(count):
        for name, arguments in commands.items():
            begin = time.perf_counter()
            subprocess.run([sys.executable, *arguments], cwd=folder, check=True, capture_output=True)
            times[name].append((time.perf_counter() - begin) * 1e3)
    for name, values in times.items():
        low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
        print(f"{name:24}{middle:8.0f}  ({low:.0f}–{high:.0f})")


if __name__ == "__main__":
    main()

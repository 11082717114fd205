"""What measuring costs: each capture's inflation, and how long the program takes to start.

    python benchmarks/overhead.py [--seconds 60]

Inflation is the median call under a capture over the median bare call of the same round,
and of those the median over the rounds: what drifts between rounds hits both. Its
interval is a bootstrap over rounds. Start-up times are medians over interleaved runs,
beside a bare start of the same interpreter.
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

from keras_profile.analysis.attribution.internals import internals_for_recorder
from keras_profile.launch import recorder_process
from keras_profile.model.recording import Calls
from keras_profile.recorder.protocol import CAPTURES, FILES
from keras_profile.recorder.protocol.requests import RecordRequest
from keras_profile.recordings.folders import new_folder
from keras_profile.recordings.json_files import read_recording
from keras_profile.recordings.readers.spans import read_spans

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
        print("\ninflation of spans alone, a call or two of each in turn (95% interval)\n")
        for model in MODELS:
            folder_of_run = record_in_turn(folder, model, options.seconds * 2)
            print(in_turn_row(model, folder_of_run), flush=True)
        print("\nstart-up, ms (5th to 95th percentile)\n")
        assert recording is not None
        starts(folder, recording, options.starts)


def record(folder: Path, model: str, seconds: float) -> Path:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "keras_profile",
            "run",
            f"{WORKLOADS}:{model}",
            "--json",
            "--no-try",
            "--seconds",
            str(seconds),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return folder / "traces" / json.loads(done.stdout)["recording"]


def record_in_turn(folder: Path, model: str, seconds: float) -> Path:
    """Bare calls and calls under spans in very many short rounds."""
    place = new_folder(folder / "traces", f"in-turn-{model}")
    request = RecordRequest(
        folder=str(place),
        target=f"{WORKLOADS}:{model}",
        seconds=seconds,
        rounds=int(seconds * 4),
        captures=["bare", "spans"],
        internals=internals_for_recorder(),
    )
    recorder_process.record_in_process(request, sys.executable, lambda event: None)
    return place


def in_turn_row(model: str, recording: Path) -> str:
    calls = read_recording(recording).content.calls
    bare, spans = np.array(calls.wall("bare")), np.array(calls.wall("spans"))
    random = np.random.default_rng(1)
    ratios = np.median(random.choice(spans, (RESAMPLES, len(spans))), axis=1) / np.median(
        random.choice(bare, (RESAMPLES, len(bare))), axis=1
    )
    low, high = np.quantile(ratios, [0.025, 0.975])
    events = len(read_spans(recording / FILES["spans"]).call) / (len(spans) + 1)
    return (
        f"{model:12}{np.median(bare) / 1e6:9.2f} ms  {np.median(spans) / np.median(bare):.3f} "
        f"({low:.3f}–{high:.3f})   {len(bare)} and {len(spans)} calls, {events:.0f} spans a call"
    )


def row(model: str, recording: Path) -> str:
    calls = read_recording(recording).content.calls
    bare = np.array(calls.wall("bare"))
    cells = []
    random = np.random.default_rng(1)
    medians = round_medians(calls)
    for capture in CAPTURES[1:]:
        ratios = np.array(
            [
                medians[capture, number] / medians["bare", number]
                for name, number in medians
                if name == capture and ("bare", number) in medians
            ]
        )
        resampled = np.median(random.choice(ratios, (RESAMPLES, len(ratios))), axis=1)
        low, high = np.quantile(resampled, [0.025, 0.975])
        cells.append(f"{np.median(ratios):.3f} ({low:.3f}–{high:.3f})".rjust(24))
    return f"{model:12}{np.median(bare) / 1e6:9.2f}  " + "".join(cells)


def round_medians(calls: Calls) -> dict[tuple[str, int], float]:
    """The median call of each capture in each round."""
    walls: dict[tuple[str, int], list[int]] = {}
    for capture, number, cold, wall in zip(calls.capture, calls.round, calls.cold, calls.wall_ns):
        if not cold:
            walls.setdefault((capture, number), []).append(wall)
    return {key: float(np.median(values)) for key, values in walls.items()}


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

"""Whether known delays come back in milliseconds, however busy the machine is.

    python -m benchmarks.accuracy.milliseconds [--busy 2] [--ms 15] [--seconds 20] [--write] [CASE ...]

Models with a delay in each call (``delayed_models.py``) are profiled, and without it, with busy
processes beside them. *Phase* is how much more the phase of the call has with the delay than
without, *layer* the time of the layer that waits, both over the median delay by the clock around
it: a sleep ends later on a busy machine. *By shares* is what the phase would have if its part of
all time under ``spans`` were its part of the median call. ``--write`` puts the table into
docs/accuracy.md. Exits with 1 where a figure is not within 0.9 to 1.1.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from keras_profile.analysis.attribution.attribute import row_phases
from keras_profile.analysis.attribution.partition import partition
from keras_profile.analysis.attribution.vocabulary import NUMBER
from keras_profile.recordings.opened import open_recording

from . import page
from .programs import busy_processes

MODELS = Path(__file__).parent / "delayed_models.py"
#: By case: the model, what is called, further options, and the phase of the delay.
CASES: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "layer, predict": ("layer", "predict", (), "execution"),
    "layer, predict_on_batch": ("layer", "predict_on_batch", (), "execution"),
    "layer, function": ("layer", "function", (), "execution"),
    "callback": ("callback", "predict", ("--callbacks", f"{MODELS}:callbacks"), "callbacks"),
    "generator": ("generator", "predict", (), "batch_fetching"),
}
#: The delay is this many times as long where the phase's own time varies by some ms: a generator's batches.
LONGER = {"generator": 4.0}
BOUNDS = (0.9, 1.1)
#: How long a model may take, in seconds, beyond what is measured.
PATIENCE = 300


@dataclass(frozen=True)
class Profiled:
    """A profile of a model: the delays in its calls, its report, a phase's part of all time in ns a call."""

    delays_ns: Sequence[int]
    report: Mapping[str, Any]
    by_shares_ns: float

    def phase_ns(self, phase: str) -> int:
        phases = self.report["attribution"]["phases"]
        return sum(one["self_ns"] for one in phases if one["phase"] == phase)


@dataclass(frozen=True)
class Back:
    """What came back of a case's delay, over the delay that was measured."""

    case: str
    calls: int
    total_ms: float
    delay_ms: float
    phase: float
    layer: float | None
    by_shares: float

    def is_within(self) -> bool:
        low, high = BOUNDS
        return all(low <= value <= high for value in (self.phase, self.layer) if value is not None)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy.milliseconds",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("cases", nargs="*", metavar="CASE", help="; ".join(CASES))
    parser.add_argument("--busy", type=int, default=2, help="busy processes beside it")
    parser.add_argument("--ms", type=float, default=15.0, help="the delay")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each model is profiled")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that runs the models")
    parser.add_argument("--write", action="store_true", help="put the table into docs/accuracy.md")
    options = parser.parse_args()
    found = []
    with busy_processes(options.busy):
        for case in options.cases or CASES:
            found.append(measure(case, options.ms, options.seconds, options.python))
            print(_row(found[-1]), flush=True)
    if options.write:
        page.write_section(page.PAGE, page.MILLISECONDS, section(found, options.busy, options.ms))
    return 0 if all(one.is_within() for one in found) else 1


def measure(case: str, delay_ms: float, seconds: float, python: str) -> Back:
    """Profiles the model of a case with its delay and without."""
    *_, phase = CASES[case]
    delay_ms *= LONGER.get(case, 1.0)
    has, had = (profiled(case, ms, seconds, python) for ms in (delay_ms, 0.0))
    delay = median(has.delays_ns)
    layers = has.report["attribution"]["layers"]
    in_layer = [one["self_ns"] for one in layers if one["class"] == "Waits"]
    return Back(
        case,
        has.report["calls"]["warm"]["count"],
        has.report["attribution"]["total_ns"] / 1e6,
        delay / 1e6,
        (has.phase_ns(phase) - had.phase_ns(phase)) / delay,
        sum(in_layer) / delay if in_layer else None,
        (has.by_shares_ns - had.by_shares_ns) / delay,
    )


def profiled(case: str, delay_ms: float, seconds: float, python: str) -> Profiled:
    """Profiles the model of a case with a delay of ``delay_ms``."""
    model, entry, further, phase = CASES[case]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        given = folder / "delay.json"
        given.write_text(json.dumps({"ms": delay_ms, "out": str(folder / "lengths.json")}))
        command = [sys.executable, "-m", "keras_profile", "profile", f"{MODELS}:{model}", "--entry", entry]
        command += [*further, "--python", python, "--seconds", str(seconds), "--output", scratch]
        command += ["--no-try", "--no-html", "--quiet", "--json"]
        variables = {**os.environ, "KERAS_PROFILE_DELAY": str(given)}
        done = subprocess.run(
            command, env=variables, capture_output=True, text=True, timeout=seconds + PATIENCE, check=True
        )
        (recording,) = (folder / "traces").iterdir()
        report = json.loads(done.stdout)
        lengths = json.loads((folder / "lengths.json").read_text())
        return Profiled(lengths, report, _by_shares(recording, phase, report["attribution"]["total_ns"]))


def _by_shares(folder: Path, phase: str, total_ns: int) -> float:
    opened = open_recording(folder)
    times = partition(opened.timelines[1], row_phases(opened.recording)).self_ns
    return float(times[:, NUMBER[phase]].sum() / times.sum() * total_ns)


def section(found: Sequence[Back], busy: int, delay_ms: float) -> str:
    """The figures as Markdown."""
    rows = ["| delay in | bare calls | ms a call | delay, ms | phase | layer | by shares |"]
    rows += ["|---|---:|---:|---:|---:|---:|---:|", *map(_row, found)]
    parts = [
        (
            f"Models with a delay of {delay_ms:.0f} ms or more in each call, {busy} busy processes beside. "
            f"What must come back of the delay that the clock saw, by phase and layer, is {BOUNDS[0]} to "
            f"{BOUNDS[1]}. *By shares* is what its part of all time, taken of the median call, would be."
        ),
        "\n".join(rows),
    ]
    return "\n\n".join(parts)


def _row(one: Back) -> str:
    cells = [one.case, str(one.calls), f"{one.total_ms:.1f}", f"{one.delay_ms:.1f}"]
    cells += ["–" if value is None else f"{value:.3f}" for value in (one.phase, one.layer, one.by_shares)]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.exit(main())

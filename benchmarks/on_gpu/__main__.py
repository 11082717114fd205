"""Checks keras_profile on a machine with a GPU, in at most eight minutes.

``python -m benchmarks.on_gpu --output RESULTS`` makes an environment, installs this package and TensorFlow
into it (``--wheels FOLDER`` takes them from there alone), and for a tiny model, MobileNetV2 and an LSTM, each
with 1, 32 and 512 rows,

- profiles ``predict`` and reads the report: how busy the GPU is, what it waits for, what the rules say;
- calls the model in a loop while the driver's counters are read, traces such a loop, and compares the busy
  time of ``keras-profile trace`` with the driver's.

``--python PATH`` takes an environment that exists, in which keras-profile and TensorFlow are installed. The
results are in ``results.json`` and ``results.md``; recordings stay beside them. What did not fit into
``--seconds`` is named. Without a GPU it ends with 2; ``--on-cpu`` runs it all the same, to try the script.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

ROOT = Path(__file__).parents[2]
MODELS, ROWS = ("tiny", "mobilenet", "lstm"), (1, 32, 512)
#: How long each model is profiled, and called in a loop.
_PROFILED_S, _LOOP_S = 10, 4
#: The driver's utilization is in percent of a period of up to a second: it and a trace agree within this.
_AGREE = 0.15


def main() -> int:
    options = _options()
    began = time.monotonic()
    counters = _driver()
    if counters is None and not options.on_cpu:
        print("no GPU: nvidia-smi is missing or names none. --on-cpu runs the script without one")
        return 2
    output = options.output.resolve()
    output.mkdir(parents=True)
    python = options.python or _environment(output / "environment", options.wheels)
    cells: list[dict[str, Any]] = []
    left_out = []
    for name in MODELS:
        for rows in ROWS:
            if time.monotonic() - began > options.seconds - 40:
                left_out.append(f"{name} with {rows} rows")
                continue
            cells.append({"model": name, "rows": rows, **_profiled(python, name, rows, output)})
            cells[-1].update(_steady(python, name, rows, output, counters is not None))
            print(_row(cells[-1]), flush=True)
    results = {
        "gpu": counters,
        "seconds": round(time.monotonic() - began),
        "cells": cells,
        "left_out": left_out,
    }
    (output / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    (output / "results.md").write_text(_table(results))
    print(f"in {output}: results.md, results.json")
    return 0 if all("error" not in cell for cell in cells) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Checks keras_profile on a machine with a GPU.")
    parser.add_argument("--output", type=Path, required=True, help="a new folder for the results")
    parser.add_argument("--python", help="an interpreter with keras-profile and TensorFlow")
    parser.add_argument("--wheels", type=Path, help="install from this folder alone")
    parser.add_argument("--seconds", type=float, default=480, help="how long it may take (default: 480)")
    parser.add_argument("--on-cpu", action="store_true", help="run without a GPU, to try the script")
    return parser.parse_args()


def _driver() -> str | None:
    """The GPU and its driver, by nvidia-smi; None if there is none."""
    if shutil.which("nvidia-smi") is None:
        return None
    query = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
    done = subprocess.run(query, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None if done.returncode == 0 else None


def _environment(folder: Path, wheels: Path | None) -> str:
    venv.create(folder, with_pip=True)
    python = str(folder / ("Scripts" if os.name == "nt" else "bin") / "python")
    source = ["--no-index", "--find-links", str(wheels)] if wheels else []
    wanted = ["keras-profile[gpu]"] if wheels else [f"{ROOT}[gpu]"]
    subprocess.run([python, "-m", "pip", "install", "-q", *source, *wanted], check=True)
    return python


def _profiled(python: str, name: str, rows: int, output: Path) -> dict[str, Any]:
    """Profiles ``predict``: what the report says of the call and of the GPU."""
    command = [
        *(python, "-m", "keras_profile", "profile"),
        f"{Path(__file__).parent / 'models.py'}:{name}",
        *("--rows", str(rows), "--batch-size", str(rows), "--seconds", str(_PROFILED_S)),
        *("--no-try", "--json", "--quiet", "--output", str(output / f"{name}-{rows}")),
    ]
    report, error = _json_of(command)
    if report is None:
        return {"error": error}
    devices = report["attribution"]["devices"]
    return {
        "call_ms": report["calls"]["warm"]["median_ns"] / 1e6,
        "busy_share": devices[0]["busy_share"] if devices else None,
        "waits": devices[0]["waits"][:3] if devices else [],
        "findings": [one["title"] for one in report["findings"] if one["verdict"] == "found"],
    }


def _steady(python: str, name: str, rows: int, output: Path, has_counters: bool) -> dict[str, Any]:
    """Calls the model in a loop: busy by the driver's counters, and by a trace of the same loop."""
    logs = output / f"{name}-{rows}" / "steady"
    loop = [python, str(Path(__file__).parent / "steady.py"), name, str(rows), str(_LOOP_S), str(logs)]
    watcher = None
    if has_counters:
        query = "--query-gpu=timestamp,utilization.gpu,memory.used"
        watcher = subprocess.Popen(
            ["nvidia-smi", query, "--format=csv,noheader,nounits", "-lms", "100"],
            stdout=subprocess.PIPE,
            text=True,
        )
    done = subprocess.run(loop, capture_output=True, text=True, check=False)
    found: dict[str, Any] = {}
    if watcher is not None:
        watcher.terminate()
        lines = watcher.communicate()[0].splitlines()
        found["driver_busy_share"] = _utilization(lines, done.stdout)
    if done.returncode:
        return {**found, "error": done.stderr[-600:]}
    trace, error = _json_of([python, "-m", "keras_profile", "trace", str(logs), "--json"])
    if trace is None:
        return {**found, "error": error}
    devices = trace["hosts"][0]["devices"]
    if devices:
        found["trace_busy_share"] = devices[0]["busy_share"]
        found["median_launch_ns"] = devices[0]["median_launch_ns"]
        found["memory_peak_bytes"] = devices[0]["memory_peak_bytes"]
    if devices and found.get("driver_busy_share") is not None:
        found["agrees"] = abs(found["driver_busy_share"] - devices[0]["busy_share"]) <= _AGREE
    return found


def _utilization(lines: Sequence[str], printed: str) -> float | None:
    """The driver's mean utilization while the loop ran, without its first second; None if it has none."""
    times = {word: float(value) for word, value in (line.split() for line in printed.splitlines())}
    shares = []
    for line in lines:
        stamp, share, _ = (part.strip() for part in line.split(","))
        moment = time.mktime(time.strptime(stamp.partition(".")[0], "%Y/%m/%d %H:%M:%S"))
        if share.isdigit() and times.get("begin", 0) + 1 < moment < times.get("end", 0):
            shares.append(int(share) / 100)
    return mean(shares) if shares else None


def _json_of(command: Sequence[str]) -> tuple[dict[str, Any] | None, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return None, done.stderr[-600:]
    return json.loads(done.stdout), ""


def _row(cell: dict[str, Any]) -> str:
    def share(key: str) -> str:
        return "" if cell.get(key) is None else f"{cell[key]:.1%}"

    waits = ", ".join(f"{one['phase']} {one['share']:.0%}" for one in cell.get("waits", []))
    call = f"{cell['call_ms']:.3g}" if "call_ms" in cell else f"failed: {cell.get('error', '')[-80:]}"
    columns = [cell["model"], str(cell["rows"]), call, share("busy_share"), waits]
    return f"| {' | '.join([*columns, share('trace_busy_share'), share('driver_busy_share')])} |"


def _table(results: dict[str, Any]) -> str:
    head = "| model | rows | predict, ms | busy | waits in | busy in a loop, trace | by the driver |"
    lines = [f"GPU: {results['gpu'] or 'none'}", "", head, "|---|---:|---:|---:|---|---:|---:|"]
    lines += [_row(cell) for cell in results["cells"]]
    if results["left_out"]:
        lines += ["", f"Not measured in the time: {', '.join(results['left_out'])}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())

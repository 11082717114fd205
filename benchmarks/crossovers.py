"""Who wins where, by rows and by the size of a model: the question's release, and today's.

    python -m benchmarks.crossovers --python TF_2_0_0 [--write]

Measures the two plans of ``docs/examples/crossover`` with ``keras-profile sweep``: models before and after
``compile()`` in the interpreter ``TF_2_0_0``, and ``predict`` beside ``predict_on_batch`` in this one.
Prints their maps as tables in Markdown; ``--write`` puts them into docs/sweep.md. Needs a machine that does
nothing else for six minutes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from keras_profile.launch.interpreters import find_interpreter

from .marked_text import write_between

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples" / "crossover"
PAGE = ROOT / "docs" / "sweep.md"
MARKS = "crossovers"
#: Each plan, and what its maps compare.
PLANS = {
    "compiled": "TensorFlow 2.0.0: `predict` before and after `compile()`",
    "entries": "TensorFlow {tensorflow}, Keras {keras}: `predict` and `predict_on_batch`",
}
#: The words of a level in the head of a table.
LEVELS = {"COMPILED=0": "uncompiled", "COMPILED=1": "compiled"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", required=True, metavar="TF_2_0_0", help="an environment with TF 2.0.0")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    environment = Path(find_interpreter(options.python)).parents[1]
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "crossover"
        shutil.copytree(EXAMPLES, folder)
        (folder / "tf-2.0").symlink_to(environment)
        for name, title in PLANS.items():
            content = sweep(folder, name)
            lines += ["", f"**{title.format(**releases(folder, name))}**", "", *table(content), ""]
            lines += [f"- {sentence}" for sentence in sentences(content)]
    print("\n".join(lines))
    if options.write:
        write_between(PAGE, MARKS, "\n".join(lines))


def sweep(folder: Path, name: str) -> dict[str, Any]:
    """Measures a plan; its ``sweep.json``."""
    command = [sys.executable, "-m", "keras_profile", "sweep", f"{name}.toml"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    content: dict[str, Any] = json.loads((folder / "sweeps" / name / "sweep.json").read_text())
    if content["failed"]:
        raise SystemExit(f"{name}.toml: {content['failed']} cells failed")
    return content


def releases(folder: Path, name: str) -> dict[str, str]:
    """The releases that a plan was measured with."""
    report = next((folder / "sweeps" / name / "cells").glob("*/reports/*/report.json"))
    facts = json.loads(report.read_text())["environment"]
    return {"tensorflow": facts["tensorflow"], "keras": facts["keras"]}


def table(content: dict[str, Any]) -> list[str]:
    """A row for each model and number of rows: the calls in ms, and by how much the slowest is slower."""
    maps = content["maps"]
    levels = [LEVELS.get(level, f"`{level}`") for level in maps[0]["levels"]]
    found = [
        f"| model | rows | {' | '.join(f'{level}, ms' for level in levels)} | fastest |",
        f"|---|---:|{'---:|' * len(levels)}---|",
    ]
    for one in maps:
        for row in one["rows"]:
            times = [milliseconds(place["median_ns"]) for place in row["places"]]
            winners = [level for level, place in zip(levels, row["places"]) if place["wins"]]
            ratio = max(row["places"], key=lambda place: place["ratio"])
            fastest = f"{winners[0]}, {ratio['ratio']:.3g} times" if len(winners) == 1 else "not clear"
            found.append(f"| {model(one)} | {row['rows']:,} | {' | '.join(times)} | {fastest} |")
    return found


def milliseconds(ns: int) -> str:
    """A time in ms, with three digits."""
    ms = float(f"{ns / 1e6:.3g}")
    return f"{ms:,.0f}" if ms >= 1000 else f"{ms:.3g}"


def sentences(content: dict[str, Any]) -> list[str]:
    """What the maps show, as ``sweep`` says it."""
    found = [f"{model(one)}: {'; '.join(one['words'])}" for one in content["maps"]]
    for level, word in LEVELS.items():
        found = [one.replace(level, word) for one in found]
    return found


def model(one: dict[str, Any]) -> str:
    """The model of a map, by its function's name."""
    return one["held"].partition(",")[0].rpartition(":")[2]


if __name__ == "__main__":
    main()

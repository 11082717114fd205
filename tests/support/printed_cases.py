"""Programs that print what came of each of their cases, as a line of JSON."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

HOSTILE = Path(__file__).parents[1] / "live" / "hostile_models.py"
SOURCE = Path(__file__).parents[2] / "src" / "keras_profile"


def hostile_models(
    python: str | Path, folder: Path, variables: dict[str, str], names: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What loading models of ``hostile_models.py`` came to in an interpreter, by name: of all, or of some."""
    printed = run(python, HOSTILE, SOURCE, folder, *names, variables=variables)
    return {found["name"]: found for found in printed["CASE"]}


def run(*command: str | Path, variables: dict[str, str]) -> dict[str, list[Any]]:
    """Runs a program; what it printed as JSON, by the word that begins the line."""
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-5000:]
    printed: dict[str, list[Any]] = {}
    for line in done.stdout.splitlines():
        word, _, content = line.partition(" ")
        if word in ("CASE", "FUZZED"):
            printed.setdefault(word, []).append(json.loads(content))
    return printed


#: Of what can be seen to run, what needs no release of its own.
SEEN_TO_RUN = {
    "h5_plain",
    "h5_space",
    "h5_lines",
    "h5_escaped",
    "h5_escaped_key",
    "h5_twice",
    "h5_nan",
    "h5_nested",
    "h5_registered",
    "entry_lambda",
    "graph_writes",
    "graph_inner",
    "graph_loop",
    "graph_branch",
    "graph_saves",
    "graph_prints",
    "graph_posing_as_saver",
    "graph_version_1",
}


def check(found: dict[str, Any]) -> None:
    """Hostile models are refused by what is in them and run with trust; the others are not accused."""
    for name, case in found.items():
        untrusted, trusted = case["untrusted"], case["trusted"]
        if not case["hostile"]:
            assert untrusted["said"] is None, (name, untrusted)
            continue
        assert not untrusted["ran"], name
        kind, message, advice = untrusted["said"]
        assert kind == "unsafe_model", (name, message)
        assert "--trust-model" in advice
        # What is named is what there is.
        is_lambda = name.startswith(("h5_", "keras_", "entry_")) and not name.endswith(
            ("_file", "_tfsm", "_tensorflow")
        )
        assert ("Lambda" in message) == is_lambda, (name, message)
        assert trusted["said"] is None or trusted["said"][0] != "unsafe_model", name
    missing = {name for name in SEEN_TO_RUN & set(found) if not found[name]["trusted"]["ran"]}
    assert missing == set(), {name: found[name]["trusted"] for name in missing}
    assert sum(not case["hostile"] for case in found.values()) >= 4

"""The GitHub Action: its steps, run by a shell as a runner does, in a repository with a gate."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from support.commands import ROOT, keras_profile

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
WORKFLOW = yaml.safe_load((ROOT / "docs" / "examples" / "gate.yml").read_text(encoding="utf-8"))

MODELS = """
import numpy as np
from tensorflow import keras


def made(layers=1):
    model = keras.Sequential([keras.layers.Input((4,)), *[keras.layers.Dense(4) for _ in range(layers)]])
    return model, np.ones((1, 4), "float32")


def gated():
    return made()
"""
SETTINGS = '[[tool.keras_profile.gate.calls]]\nname = "classify"\ntarget = "models.py:gated"\n'


def run_step(step, inputs, folder, runner):
    """Runs a step's script with its variables, as a runner fills them in."""

    def filled(text):
        return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda match: inputs[match[1]], text)

    variables = {name: filled(value) for name, value in step.get("env", {}).items()}
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(runner),
        "GITHUB_OUTPUT": str(runner / "output"),
        "GITHUB_STEP_SUMMARY": str(runner / "summary.md"),
        **variables,
    }
    script = runner / "script.sh"
    script.write_text(step["run"], encoding="utf-8")
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=folder / filled(step.get("working-directory", ".")),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(new_folder):
    made = new_folder()
    (made / "models.py").write_text(MODELS)
    (made / "pyproject.toml").write_text(SETTINGS)
    assert keras_profile("gate", "--update", folder=made).code == 0
    return made


def test_the_steps_pass_and_then_fail(repository, new_folder):
    inputs = {name: str(one["default"]) for name, one in ACTION["inputs"].items()}
    inputs["counts-only"] = "true"
    _, gate = ACTION["runs"]["steps"]
    runner = new_folder()
    done = run_step(gate, inputs, repository, runner)
    assert done.returncode == 0, done.stderr
    assert "passed" in (runner / "summary.md").read_text()
    (repository / "models.py").write_text(MODELS.replace("return made()", "return made(3)"))
    done = run_step(gate, inputs, repository, runner)
    assert done.returncode == 1, done.stderr
    assert "regressed" in (runner / "summary.md").read_text()
    outputs = dict(line.split("=", 1) for line in (runner / "output").read_text().splitlines())
    (result,) = json.loads(Path(outputs["sarif"]).read_text())["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "models.py"
    assert "<failure" in Path(outputs["junit"]).read_text()
    assert {one.name for one in repository.iterdir()} <= {
        "models.py",
        "pyproject.toml",
        "keras_profile.lock",
        "__pycache__",
    }


def test_the_example_gives_the_action_what_it_takes():
    (job,) = WORKFLOW["jobs"].values()
    (uses,) = [step for step in job["steps"] if "keras-profile" in step.get("uses", "")]
    assert set(uses["with"]) <= set(ACTION["inputs"])
    checkout = job["steps"][0]
    assert checkout["with"]["fetch-depth"] == 0, "the base must be there"
    last = job["steps"][-1]["with"]["sarif_file"]
    assert re.search(r"outputs\.(\w+)", last)[1] in ACTION["outputs"]

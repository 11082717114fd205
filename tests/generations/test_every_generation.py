"""Recording and attributing in every generation, with its real interpreter."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

WORKLOADS = Path(__file__).parents[1] / "live" / "workloads.py"
GENERATIONS = (
    "tf-2.0", "tf-2.1", "tf-2.2", "tf-2.4", "tf-2.6", "tf-2.9", "tf-2.11", "tf-2.15", "tf_keras-2.21",
    "keras-3.0", "keras-3.6", "keras-3.15")
ROOTS = {
    "tf-2.0": "tensorflow.python.keras", "tf-2.1": "tensorflow.python.keras",
    "tf-2.2": "tensorflow.python.keras", "tf-2.4": "tensorflow.python.keras", "tf-2.6": "keras",
    "tf-2.9": "keras", "tf-2.11": "keras", "tf_keras-2.21": "tf_keras.src"}


@pytest.fixture(scope="module")
def profile(interpreter, tmp_path_factory):
    """Profiles the tiny model in a generation; equal runs are made once."""
    finished = {}

    def run(generation, *options):
        if (generation, options) not in finished:
            python = interpreter(generation)
            environment = dict(os.environ)
            if generation.startswith("tf_keras"):
                environment["TF_USE_LEGACY_KERAS"] = "1"
            done = subprocess.run(
                [sys.executable, "-m", "keras_profile", "run", f"{WORKLOADS}:tiny", "--json", "--python",
                 str(python), "--seconds", "3", *options],
                cwd=tmp_path_factory.mktemp(generation), env=environment, text=True,
                capture_output=True, check=False)
            assert done.returncode == 0, done.stderr
            finished[generation, options] = json.loads(done.stdout)
        return finished[generation, options]

    return run


def share(report, *phases):
    return sum(one["share"] for one in report["attribution"]["phases"] if one["phase"] in phases)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_arrays(profile, generation):
    report = profile(generation)
    attribution = report["attribution"]
    assert report["environment"]["keras_root"] == ROOTS.get(generation, "keras.src")
    assert sum(phase["self_ns"] for phase in attribution["phases"]) == attribution["total_ns"]
    assert share(report, "unattributed") <= 0.01
    assert share(report, "unattributed", "entry", "loop") <= 0.05
    assert {capture["status"] for capture in report["captures"]} == {"ok"}
    # Three functions are traced in every call, in every generation.
    traced = next(one for one in attribution["phases"] if one["phase"] == "function_tracing")
    assert traced["count_per_call"] == 3


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("options", [
    ("--input", f"{WORKLOADS}:dataset"), ("--entry", "predict_on_batch"), ("--entry", "call")],
    ids=["dataset", "predict_on_batch", "call"])
def test_other_inputs_and_entry_points(profile, generation, options):
    report = profile(generation, *options, "--captures", "bare,spans,pyinstrument")
    attribution = report["attribution"]
    assert sum(phase["self_ns"] for phase in attribution["phases"]) == attribution["total_ns"]
    assert share(report, "unattributed") <= 0.03

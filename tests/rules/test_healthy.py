"""Models and usages without a cause of slowness give no finding at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent / "healthy.py"

#: Variables of the process, and the models that are profiled with them, in two halves. Without
#: oneDNN other kernels run, which is no cause by itself.
RUNS = {
    "even": ({}, ["even"], 13),
    "odd": ({}, ["odd"], 13),
    "without_onednn": (
        {"TF_ENABLE_ONEDNN_OPTS": "0"},
        ["mlp_on_batch", "convolutions_on_batch", "mobilenet_on_batch"],
        3,
    ),
}


#: What may be found in ``predict`` of an array: TensorFlow tunes its pipeline, and sometimes waits for the
#: thread that does. Nobody can switch that off.
BY_CHANCE = dict.fromkeys(
    ("large_predict", "large_predict_compiled", "large_predict_float64"), "tuner_waited_for: "
)


@pytest.mark.parametrize(
    "run", [pytest.param(run, marks=pytest.mark.group(f"rules healthy {run}")) for run in RUNS]
)
def test_healthy_models_have_no_findings(run, tmp_path):
    variables, names, count = RUNS[run]
    findings = profiled(tmp_path, "1", names, variables)
    assert len(findings) == count
    # A second of a busy machine may show something else: what it shows must be there in a longer run.
    for longer in ("5", "15"):
        suspects = [name for name, found in findings.items() if found]
        if suspects:
            findings = profiled(tmp_path, longer, suspects, variables)
    assert {name: found for name, found in findings.items() if found} == {}


def profiled(folder, seconds, names, variables):
    """What is found in each, by name."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(folder), seconds, *names],
        cwd=folder,
        text=True,
        timeout=600,
        env=dict(os.environ, **variables),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {
        name: [one for one in found if not one.startswith(BY_CHANCE.get(name, "\n"))]
        for name, found in json.loads(done.stdout).items()
    }

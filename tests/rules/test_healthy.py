"""Models and usages without a cause of slowness give no finding at all."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.live

PROGRAM = Path(__file__).parent / "healthy.py"

#: Settings that change kernels and are no cause by themselves.
SETTINGS = {
    "usual": ({}, []),
    "without_onednn": (
        {"TF_ENABLE_ONEDNN_OPTS": "0"}, ["mlp_on_batch", "convolutions_on_batch", "mobilenet_on_batch"]),
}


@pytest.mark.parametrize("settings", SETTINGS)
def test_healthy_models_have_no_findings(settings, tmp_path):
    variables, names = SETTINGS[settings]
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(tmp_path), *names], cwd=tmp_path, text=True, timeout=600,
        env=dict(os.environ, **variables), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    findings = json.loads(done.stdout)
    assert len(findings) >= (len(names) or 25)
    assert {name: found for name, found in findings.items() if found} == {}

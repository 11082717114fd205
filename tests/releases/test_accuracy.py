"""Known delays come back in their phase: the accuracy benchmark in short."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("generation", ["tf-2.6", "keras-3.15"])
def test_planted_delays_come_back_in_their_phase(interpreter, generation):
    interpreter(generation)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.accuracy", "--short", "--seconds", "15", generation],
        cwd=ROOT,
        text=True,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "| function_tracing | 3 |" in done.stdout
    assert "| teardown |" in done.stdout

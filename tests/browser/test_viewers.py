"""snakeviz, started by ``keras-profile open``, shows what the recording has."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import pytest

RECORDING = Path(__file__).parents[2] / "traces" / "demo-keras-3.15"
PATIENCE = 45


def test_snakeviz_shows_the_functions_that_cprofile_counted(chromium, opened, tmp_path):
    if importlib.util.find_spec("snakeviz") is None:
        pytest.fail("snakeviz is not installed: pip install -e '.[dev]'")
    before = {path: path.stat().st_mtime_ns for path in RECORDING.rglob("*")}
    address = opened(RECORDING, "snakeviz")
    chromium.get(address)
    end = time.monotonic() + PATIENCE
    while "TFE_Py_FastPathExecute" not in chromium.execute_script(
        "return (document.querySelector('#pstats-table tbody') || document.body).textContent"
    ):
        assert time.monotonic() < end, "snakeviz shows no such function"
        time.sleep(0.2)
    chromium.save_screenshot(str(tmp_path / "snakeviz.png"))
    assert chromium.title.startswith("demo-keras-3")
    assert {path: path.stat().st_mtime_ns for path in RECORDING.rglob("*")} == before

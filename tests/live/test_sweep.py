"""Real sweeps: killed and continued, on Dask and on Ray, never two measurements at once on this machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from itertools import pairwise

import psutil
import pytest

from support.commands import ROOT, heed_interrupts, keras_profile

pytestmark = pytest.mark.live

EXAMPLE = ROOT / "docs" / "examples" / "sweep"
#: How long to wait for anything.
PATIENCE_S = 480
#: The same models, few cells.
SHORT = '[grid]\nmodel = ["nets.py:small"]\nentry = ["predict"]\n[budget]\ncell_seconds = 0.3\n'


class Driver:
    """A running ``keras-profile sweep`` in a folder with the example of the documents."""

    def __init__(self, folder, *arguments):
        self.folder = folder
        command = [sys.executable, "-m", "keras_profile", "sweep", "plan.toml", "--json", *arguments]
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=heed_interrupts,
            # The names of Ray's sockets must be short.
            env={**os.environ, "TMPDIR": str(folder / "scratch"), "RAY_TMPDIR": tempfile.gettempdir()},
        )

    def measuring(self):
        """The process that measures a cell, once there is one."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and self.process.poll() is None:
            for child in psutil.Process(self.process.pid).children(recursive=True):
                try:
                    # The check calls a model for 0.1 s.
                    command = child.cmdline()
                    if "profile" in command and "0.1" not in command:
                        return child
                except psutil.Error:
                    continue
            time.sleep(0.05)
        raise AssertionError(self.process.communicate())

    def end(self):
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, err


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "sweep"
    shutil.copytree(EXAMPLE, place)
    (place / "scratch").mkdir()
    return place


def wait_for(something):
    until = time.monotonic() + PATIENCE_S
    while not something() and time.monotonic() < until:
        time.sleep(0.05)


def done(folder):
    """When each cell that is done was measured, and on which machine."""
    return {
        path.parent.name: json.loads(path.read_bytes())["began"]
        for path in folder.glob("sweeps/plan/cells/[!.]*/cell.json")
    }


def overlaps(folder):
    """The pairs of cells that were measured at the same time, by the clocks of their recordings."""
    spans = []
    for path in folder.glob("sweeps/plan/cells/*/traces/*/recording.json"):
        calls = json.loads(path.read_bytes())["calls"]
        ends = [begin + wall for begin, wall in zip(calls["begin_ns"], calls["wall_ns"])]
        spans.append((min(calls["begin_ns"]), max(ends), path.parts[-4]))
    assert len(spans) > 1
    return [pair for pair in pairwise(sorted(spans)) if pair[1][0] < pair[0][1]]


def nothing_is_left(folder):
    """Processes and temporary folders go with the driver, however it ends."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        left = [path.name for path in (folder / "scratch").glob("keras_profile-cell-*")]
        for process in psutil.process_iter():
            try:
                if process.cwd().startswith(str(folder)) and process.status() != psutil.STATUS_ZOMBIE:
                    left.append(process.cmdline())
            except psutil.Error:
                continue
        if not left:
            return True
        time.sleep(0.2)
    return left


def test_the_example_of_the_documents_is_interrupted_killed_and_goes_on(folder):
    driver = Driver(folder)
    wait_for(lambda: done(folder))
    driver.measuring()
    driver.process.send_signal(signal.SIGINT)
    code, _, err = driver.end()
    assert code == 130
    assert "start the same command again" in err
    before = done(folder)
    assert before
    assert nothing_is_left(folder) is True
    driver = Driver(folder)
    driver.measuring()
    driver.process.kill()
    driver.end()
    assert nothing_is_left(folder) is True
    finished = keras_profile("sweep", "plan.toml", "--json", folder=folder)
    assert finished.code == 0, finished.err
    answer = finished.report
    assert (answer["measured"], answer["failed"], answer["waiting"]) == (6, 0, 0)
    after = done(folder)
    assert len(after) == 7  # one is measured twice
    assert {name: after[name] for name in before} == before
    assert overlaps(folder) == []
    assert not list(folder.glob("sweeps/plan/cells/.*"))
    best = {(one["model"], one["goal"]): one for one in answer["best"]}
    # A call of predict costs many times one of predict_on_batch, on any machine.
    assert best["nets.py:small", "latency"]["settings"]["entry"] == "predict_on_batch"
    assert "predict_on_batch is fastest" in answer["maps"][0]["words"][0]
    assert (folder / "sweeps" / "plan" / "sweep.html").is_file()


@pytest.mark.parametrize("engine", ["dask", "ray"])
def test_a_worker_that_is_killed_costs_nothing_and_one_cell_is_measured_at_a_time(folder, engine):
    pytest.importorskip("distributed" if engine == "dask" else "ray")
    (folder / "plan.toml").write_text(SHORT, encoding="utf-8")
    driver = Driver(folder, "--on", engine)
    worker = driver.measuring().parent().parent()  # of the keeper
    assert worker.pid != driver.process.pid
    worker.kill()
    code, out, err = driver.end()
    assert code == 0, err
    answer = json.loads(out)
    assert (answer["measured"], answer["failed"]) == (1, 0)
    assert len(done(folder)) == 2  # it is measured twice
    assert overlaps(folder) == []
    assert nothing_is_left(folder) is True


def test_a_model_that_does_not_load_is_one_message_before_anything_is_measured(folder):
    (folder / "plan.toml").write_text('[grid]\nmodel = ["nets.py:smal"]\n', encoding="utf-8")
    finished = keras_profile("sweep", "plan.toml", folder=folder)
    assert finished.code == 2
    assert "keras-profile: nets.py:smal: " in finished.err
    assert "Traceback" not in finished.err  # which there is only of the user's own code
    assert done(folder) == {}

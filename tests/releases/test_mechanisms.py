"""Both ways of probing agree, where an interpreter has both."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from keras_profile.analysis.attribution.attribute import row_phases
from keras_profile.analysis.attribution.internals import internals_for_recorder
from keras_profile.analysis.attribution.partition import partition
from keras_profile.analysis.attribution.vocabulary import NUMBER
from keras_profile.recorder.protocol import FILES
from keras_profile.recorder.protocol.requests import RecordRequest
from keras_profile.recordings.json_files import read_recording
from keras_profile.recordings.readers.spans import read_spans

ROOT = Path(__file__).parents[2]
RECORDER = ROOT / "src" / "keras_profile" / "recorder"
WORKLOADS = ROOT / "tests" / "live" / "workloads.py"


def record(interpreter, folder, mechanism, **options):
    """Records the tiny model's predict; the spans of its warm calls and their partition."""
    folder.mkdir()
    request = RecordRequest(
        folder=str(folder),
        target=f"{WORKLOADS}:tiny",
        seconds=3,
        captures=["bare", "spans"],
        mechanism=mechanism,
        internals=internals_for_recorder(),
        **options,
    )
    (folder / "request.json").write_text(request.to_json())
    subprocess.run(
        [str(interpreter), str(RECORDER), str(folder / "request.json"), "mark"],
        check=True,
        capture_output=True,
    )
    recording = read_recording(folder)
    timeline = read_spans(folder / FILES["spans"])
    warm = np.ones(timeline.calls, dtype=bool)
    warm[0] = False
    return recording, timeline.select(warm)


@pytest.fixture(scope="module")
def both(interpreter, tmp_path_factory):
    python = interpreter("keras-3.15")
    place = tmp_path_factory.mktemp("mechanisms")
    return {name: record(python, place / name, name) for name in ("monitoring", "recompilation")}


def test_each_mechanism_was_the_one_asked_for(both):
    for name, (recording, _) in both.items():
        details = {capture.name: capture.details for capture in recording.content.captures}
        assert details["spans"].mechanism == name
        assert details["spans"].unprobed == []


def test_both_see_the_same_internals_the_same_number_of_times(both):
    counts = {}
    for name, (recording, timeline) in both.items():
        counts[name] = {
            internal.qualname: int(((timeline.internal == row) & ~timeline.resumed).sum()) / timeline.calls
            for row, internal in enumerate(recording.content.internals)
            if (timeline.internal == row).any()
        }
    # Destructors of what a call left may run in the next one.
    for function in ("ConcreteFunctionGarbageCollector.__del__",):
        for seen in counts.values():
            seen.pop(function, None)
    assert counts["monitoring"] == counts["recompilation"]
    assert len(counts["monitoring"]) > 40


def test_both_nest_the_internals_in_the_same_way(both):
    trees = {}
    for name, (recording, timeline) in both.items():
        names = [internal.qualname for internal in recording.content.internals]
        first = timeline.call == 1
        trees[name] = [
            (int(depth), names[internal])
            for depth, internal, mine in zip(timeline.depth, timeline.internal, first)
            if mine and internal >= 0 and "__del__" not in names[internal]
        ]
    assert trees["monitoring"] == trees["recompilation"]


@pytest.mark.timing
def test_both_give_the_same_shares(both):
    # What waits for other threads depends on what else the machine does, and the two were
    # recorded one after the other.
    waiting = [NUMBER[phase] for phase in ("teardown", "batch_fetching", "iterator_creation", "execution")]
    shares = {}
    for name, (recording, timeline) in both.items():
        # The median call of each phase, since single calls are stretched by other load.
        typical = np.median(partition(timeline, row_phases(recording)).self_ns, axis=0)
        typical[waiting] = 0
        shares[name] = typical / typical.sum()
    # Half the sum of differences is the total-variation distance.
    assert np.abs(shares["monitoring"] - shares["recompilation"]).sum() / 2 < 0.25


def test_the_probes_tests_pass_where_sys_monitoring_is(interpreter):
    python = interpreter("keras-3.15")
    probe = ROOT / "tests" / "unit" / "test_probes.py"
    subprocess.run(
        [str(python), "-m", "pip", "install", "-q", "pytest", "hypothesis", "numpy", "msgspec", "rich"],
        check=True,
    )
    done = subprocess.run(
        [
            str(python),
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-o",
            "addopts=--import-mode=importlib",
            str(probe),
        ],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "skipped" not in done.stdout


def test_the_recorder_runs_on_python_3_7(interpreter, tmp_path):
    python = interpreter("tf-2.0")
    recording, timeline = record(python, tmp_path / "old", None)
    assert recording.content.environment.facts.python.startswith("3.7.")
    assert recording.content.environment.facts.tensorflow == "2.0.0"
    names = {recording.content.internals[row].qualname for row in set(timeline.internal.tolist()) if row >= 0}
    assert {"_process_inputs", "Function._create_graph_function"} <= names
    parts = partition(timeline, row_phases(recording))
    assert (parts.self_ns.sum(axis=1) == parts.total_ns).all()


def test_json_lines_are_all_that_the_recorder_writes_to_its_channel(interpreter, tmp_path):
    request = RecordRequest(folder=str(tmp_path), target="nosuch.keras")
    (tmp_path / "request.json").write_text(request.to_json())
    done = subprocess.run(
        [sys.executable, str(RECORDER), str(tmp_path / "request.json"), "mark"],
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout.startswith("\nmark\n")
    events = [json.loads(line) for line in done.stdout.splitlines()[2:]]
    assert [event["event"] for event in events] == ["error"]
    assert events[0]["kind"] == "no_such_file"

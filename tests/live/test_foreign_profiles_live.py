"""Real programs on Keras that other profilers profile, divided by ``keras-profile trace``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from keras_profile.analysis.reports import make_report
from keras_profile.features.trace.trace_files import make_trace_report
from keras_profile.recordings.opened import open_recording

NET = """
import numpy as np

def build():
    import keras
    layers = [keras.layers.Input((16,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(4)]
    model = keras.Sequential(layers)
    model.compile("adam", "mse")
    return model, np.ones((1, 16), "float32")
"""
LOOP = """
import net

def act(model, x):
    return model.predict(x, verbose=0)

model, x = net.build()
for _ in range(30):
    act(model, x)
"""
MORE = """
import numpy as np
import net

def score(model, x):
    return model.predict_on_batch(x)

def direct(model, x):
    return model(x)

model, x = net.build()
for _ in range(20):
    score(model, x)
for _ in range(100):
    direct(model, x)
model.fit(np.ones((64, 16)), np.ones((64, 4)), epochs=2, verbose=0)
"""
WITHOUT = "import json\nfor _ in range(200):\n    json.dumps(list(range(2000)))\n"
#: Python 3.12 and 3.13.0 lose calls in cProfile.
counts = pytest.mark.skipif(
    (3, 12) <= sys.version_info < (3, 12, 5) or sys.version_info[:3] == (3, 13, 0),
    reason="this Python loses calls in cProfile",
)


def run(folder, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """The files of programs that cProfile and pyinstrument profiled."""
    folder = tmp_path_factory.mktemp("foreign")
    for name, code in {"net": NET, "loop": LOOP, "more": MORE, "without": WITHOUT}.items():
        (folder / f"{name}.py").write_text(code)
    for name in ("loop", "more", "without"):
        run(folder, "-m", "cProfile", "-o", f"{name}.prof", f"{name}.py")
    run(folder, "-m", "pyinstrument", "-r", "session", "-o", "loop.pyisession", "loop.py")
    return folder


@pytest.fixture(scope="module")
def recording(programs):
    """What this program itself counted of the same calls."""
    captures = "bare,spans,cprofile,pyinstrument"
    options = ["--seconds", "6", "--no-try", "--no-html", "--quiet", "--captures", captures]
    run(programs, "-m", "keras_profile", "profile", "net.py:build", *options)
    (found,) = (programs / "traces").iterdir()
    return found


def divided(path):
    (profile,) = make_trace_report([path]).profiles
    return profile


def shares(profile):
    return {one.phase: one.share for one in profile.phases}


@pytest.fixture(scope="module")
def agreement(recording):
    """What the recording's report says of each phase by its captures."""
    return make_report(open_recording(recording)).attribution.agreement


def own_shares(agreement, by):
    """The shares of the phases by one capture."""
    return {one.phase: getattr(one, by) for one in agreement if getattr(one, by) is not None}


@counts
def test_the_shares_are_those_that_a_recording_has_by_its_own_counts(programs, agreement):
    found, own = shares(divided(programs / "loop.prof")), own_shares(agreement, "counted_share")
    assert set(own) >= {"dataset_building", "iterator_creation", "function_tracing"}
    # What a call leaves behind is destroyed in a wrapper, which a recording's counts give no phase. Garbage
    # is collected in some calls, and has none either: a recording counts five. Fetching a batch waits for
    # threads, longer where they have no core.
    for phase in set(own) - {"teardown", "unattributed", "batch_fetching"}:
        share = own[phase]
        # The first call, which traces the model, is in the program and not among a recording's warm calls.
        margin = 0.25 if phase in ("function_tracing", "iterator_creation") else 0.15
        assert found.get(phase, 0) == pytest.approx(share, abs=margin), phase


@counts
def test_a_recordings_own_file_has_its_own_shares(recording, agreement):
    """The same counts, by functions that were looked up and by files and names alone."""
    found, own = shares(divided(recording / "cprofile.prof")), own_shares(agreement, "counted_share")
    for phase in set(own) - {"teardown", "unattributed"}:
        assert found.get(phase, 0) == pytest.approx(own[phase], abs=0.03), phase


@counts
def test_a_loop_of_predict_is_found_with_its_caller(programs):
    found = divided(programs / "loop.prof")
    assert {one.entry: one.calls for one in found.entries} == {"predict": 30}
    assert [(one.function, Path(one.file).name, one.entry, one.calls) for one in found.callers] == [
        ("act", "loop.py", "predict", 30)
    ]
    assert found.keras == "keras.src"
    assert found.generation.startswith("keras-3")
    assert found.notes == []


@counts
def test_entry_points_and_training_are_told_apart(programs):
    found = divided(programs / "more.prof")
    calls = {one.entry: one.calls for one in found.entries}
    assert set(calls) == {"predict_on_batch", "call", "fit"}
    assert (calls["predict_on_batch"], calls["fit"]) == (20, 1)
    assert calls["call"] == pytest.approx(100, abs=5)
    assert ("direct", "call", 100) in {(one.function, one.entry, one.calls) for one in found.callers}


def test_samples_and_counts_agree(programs, agreement):
    found, own = shares(divided(programs / "loop.pyisession")), own_shares(agreement, "sampled_share")
    for phase in ("dataset_building", "data_adapter", "callbacks"):
        assert found.get(phase, 0) == pytest.approx(own.get(phase, 0), abs=0.15), phase
    assert divided(programs / "loop.pyisession").callers[0].function == "act"


def test_a_program_without_keras_gets_a_sentence(programs):
    found = divided(programs / "without.prof")
    assert (found.has_framework, found.inference, found.training) == (False, 0, 0)
    out = run(programs, "-m", "keras_profile", "trace", "without.prof").stdout
    assert "There is no function of Keras or TensorFlow in it" in out
    assert "keras-profile run script.py" in " ".join(out.split())

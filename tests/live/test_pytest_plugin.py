"""The pytest plugin, in tests of a user that run in a pytest of their own."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

HEAD = """
import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
scaled = tf.function(lambda x, k: model(x) * k)
x = np.ones((4, 4), "float32")
rows = tf.constant(x)

"""
TESTS = {
    "healthy": """
@pytest.mark.keras_profile(max_traces=0, no=["retraced", "run_eagerly"])
def test_healthy():
    for _ in range(6):
        model.predict_on_batch(x)
""",
    "retraced": """
@pytest.mark.keras_profile
def test_retraced():
    for k in range(6):
        scaled(rows, float(k))
""",
    "traces": """
@pytest.mark.keras_profile(no=[], max_traces=2)
def test_traces():
    for k in range(1, 7):
        scaled(tf.constant(np.ones((k, 4), "float32")), tf.constant(2.0))
""",
    "late": """
@pytest.mark.keras_profile(max_traces=0)
def test_late():
    for k in (21.0,) * 8 + (22.0, 23.0):
        scaled(rows, k)
""",
    "threads": """
@pytest.mark.keras_profile
def test_threads():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda k: scaled(rows, float(k)), range(30, 60)))
""",
    "tape": """
@pytest.mark.keras_profile
def test_tape():
    with tf.GradientTape():
        for _ in range(4):
            model(rows)
""",
    "of_spans": """
@pytest.mark.keras_profile(no=["second_iterator"])
def test_spans():
    for _ in range(24):
        model.predict(x, verbose=0)
""",
    "both": """
@pytest.mark.keras_profile(no=["second_iterator"], max_traces=0)
def test_both():
    model.predict(x, verbose=0)
""",
    "eager": """
@pytest.mark.keras_profile
def test_eager():
    eager = keras.models.clone_model(model)
    eager.compile(run_eagerly=True)
    for _ in range(6):
        eager.predict(x, verbose=0)
""",
    "slow": """
@pytest.mark.keras_profile(no=[], max_ms=0.001)
def test_slow():
    for _ in range(6):
        model.predict_on_batch(x)
""",
    "time_of_one_call": """
@pytest.mark.keras_profile(no=[], max_ms=1000)
def test_one():
    model.predict_on_batch(x)
""",
    "none": """
@pytest.mark.keras_profile
def test_none():
    pass
""",
    "failing": """
@pytest.mark.keras_profile
def test_failing():
    model.predict_on_batch(x)
    assert 1 == 2
""",
    "unknown": """
@pytest.mark.keras_profile(no=["nonsense"])
def test_unknown():
    model.predict_on_batch(x)
""",
    "misspelled": """
@pytest.mark.keras_profile(max_trace=0)
def test_misspelled():
    model.predict_on_batch(x)
""",
    "fixture": """
def test_fixture(keras_profile):
    for k in range(6):
        scaled(rows, float(k))  # not watched
    with keras_profile(max_traces=0):
        for _ in range(6):
            model.predict_on_batch(x)


def test_fixture_fails(keras_profile):
    with keras_profile(max_traces=0):
        for k in range(10, 16):
            scaled(rows, float(k))
""",
}

#: What each test must print; None if it passes.
FAILURES = {
    "healthy": None,
    "retraced": r"test_user\.py:\d+ \(function\): retraced: <lambda> is traced again for float32 .*, 1.0",
    "traces": r"5 graphs traced after the first call, 2 allowed",
    "late": r"2 graphs traced after the first call, 0 allowed",
    "threads": r"it is not known whether \d+ calls? traced graphs, which overlapped calls of other threads",
    "tape": r"recorded_by_tape: ",
    "of_spans": r"second_iterator: A call makes 2 iterators",
    "both": r"max_traces and second_iterator cannot be checked in one test",
    "eager": r"\(predict\): run_eagerly: ",
    "slow": r"a call takes [\d.]+ ms, 0\.001 allowed",
    "time_of_one_call": r"the time is not known after 1 call: make more calls of this line",
    "none": r"no call of a Keras model was recorded",
    "failing": r"assert 1 == 2",
    "unknown": r"expected a list of rules, found 'nonsense'",
    "misspelled": r"max_trace",
}


def run(folder, test, *options):
    (folder / "test_user.py").write_text(HEAD + test)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "test_user.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def all_at_once(new_folder):
    """All tests in one file, in one process."""
    done = run(new_folder(), "".join(TESTS[name] for name in FAILURES), "--tb=short")
    return re.split(r"^_{3,} (test_\w+) _{3,}$", done.stdout, flags=re.MULTILINE), done


@pytest.mark.parametrize("name", FAILURES)
def test_each_fault_is_reported_and_nothing_else(all_at_once, name):
    parts, done = all_at_once
    sections = dict(zip(parts[1::2], parts[2::2]))
    function = re.search(r"def (test_\w+)", TESTS[name])[1]
    if FAILURES[name] is None:
        assert function not in sections, done.stdout
    else:
        assert re.search(FAILURES[name], sections[function]), done.stdout


def test_the_mark_is_declared_and_the_fixture_checks_its_block_alone(new_folder):
    done = run(new_folder(), TESTS["fixture"], "--strict-markers")
    assert "1 failed, 1 passed" in done.stdout, done.stdout
    assert "graphs traced after the first call, 0 allowed" in done.stdout


def test_it_works_with_several_processes(new_folder):
    done = run(new_folder(), TESTS["healthy"] + TESTS["retraced"], "-n", "2")
    assert "1 failed, 1 passed" in done.stdout, done.stdout
    assert "retraced: " in done.stdout


def test_a_test_without_the_mark_loads_nothing(new_folder):
    folder = new_folder()
    (folder / "test_plain.py").write_text(
        "import sys\n\ndef test_plain():\n"
        "    loaded = [name for name in sys.modules if name.startswith('keras_profile.')]\n"
        "    assert set(loaded) <= {'keras_profile.api', 'keras_profile.api.pytest_plugin'}, loaded\n"
        "    assert 'numpy' not in sys.modules\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:hypothesispytest",
            "test_plain.py",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout

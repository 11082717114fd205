"""Environments that cannot work get one clear message, and what it says to do fixes them."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time

import pytest

from support import interpreters
from support.commands import heed_interrupts

#: Mismatched environments: what was found, the package it is blamed on, what fixes it.
MISMATCHES = {
    "protobuf-4": ("TypeError: Descriptors cannot", "protobuf 4.25.9 does not work with", "'protobuf<3.21'"),
    "protobuf-5": (
        "Protobuf Gencode/Runtime",
        "protobuf 5.29.5 does not work with",
        "'protobuf<8.0.0,>=6.31.1'",
    ),
    "numpy-1.24": ("has no attribute 'object'", "numpy 1.24.4 does not work with", "'numpy<1.24'"),
    "numpy-2": (
        "ImportError: numpy.core.umath failed to import",
        "numpy 2.2.6 does not work with",
        "'numpy<2'",
    ),
    "h5py-3": (
        "'str' object has no attribute 'decode'",
        "h5py 3.8.0 does not work with this TensorFlow",
        "'h5py<3'",
    ),
    "keras-2": ("importing tf.keras", "needs Keras 3", "'keras>=3'"),
}

SAVE = """
import sys, tensorflow as tf
model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(4,))])
model.save(sys.argv[1])
"""

#: Imports of TensorFlow that end the process, and what is said of each.
DEATHS = {
    "abort": ("import os; os.abort()", "signal SIGABRT", "pip install --force-reinstall tensorflow"),
    "illegal instruction": (
        "import os, signal; os.kill(os.getpid(), signal.SIGILL)",
        "signal SIGILL",
        "such as AVX",
    ),
    "exit": ("import os; print('no licence', flush=True); os._exit(3)", "exit code 3", "pip install"),
}


def profile(folder, python, *arguments, environment=None):
    """keras-profile as a user runs it, for a moment."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "keras_profile",
            *(arguments or ["demo", "--no-try"]),
            "--seconds",
            "0.1",
            "--quiet",
            "--python",
            str(python),
        ],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        text=True,
        capture_output=True,
        check=False,
    )


def message(finished, folder):
    """What a refused run said: one message, no traceback, exit code 2, nothing left behind."""
    assert finished.returncode == 2, finished.stderr
    assert finished.stdout == ""
    assert "Traceback" not in finished.stderr
    assert finished.stderr.count("keras-profile: ") == 1
    assert list(folder.glob("traces/*")) == []
    return finished.stderr


@pytest.fixture
def without_packages(tmp_path):
    """A virtual environment with nothing in it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "empty")], check=True)
    return tmp_path / "empty" / "bin" / "python"


@pytest.fixture
def fake(tmp_path):
    """The variable that puts a TensorFlow with this source in front of the installed one."""

    def make(source):
        package = tmp_path / "fake" / "tensorflow"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(source)
        return {"PYTHONPATH": os.pathsep.join([str(package.parent), os.environ.get("PYTHONPATH", "")])}

    return make


@pytest.mark.parametrize("name", MISMATCHES)
def test_a_mismatch_is_told_and_mended_by_what_is_told(mismatch, interpreter, tmp_path, name):
    what, blamed, pin = MISMATCHES[name]
    python = mismatch(name)
    arguments = ["demo", "--no-try"]
    if name == "h5py-3":
        subprocess.run(
            [str(interpreter("tf-2.0")), "-c", SAVE, str(tmp_path / "model.h5")],
            check=True,
            capture_output=True,
        )
        arguments = ["profile", "model.h5", "--no-try"]
    said = message(profile(tmp_path, python, *arguments), tmp_path)
    for part in (what, blamed, f"{python} -m pip install {pin}"):
        assert part in said

    command = shlex.split(said[said.index(f"{python} -m pip") :])
    subprocess.run(command, check=True, capture_output=True)
    fixed = profile(tmp_path, python, *arguments)
    assert fixed.returncode == 0, fixed.stderr


def test_no_tensorflow(without_packages, tmp_path):
    said = message(profile(tmp_path, without_packages), tmp_path)
    assert f"{without_packages} has no TensorFlow" in said
    assert f"{without_packages} -m pip install tensorflow" in said


def test_tensorflow_1(tmp_path):
    tensorflow_1 = interpreters.with_tensorflow_1()
    said = message(profile(tmp_path, tensorflow_1), tmp_path)
    assert "expected TensorFlow 2.0.0 or later, found 1.15.0" in said
    assert f"{tensorflow_1} -m pip install 'tensorflow>=2'" in said


def test_a_python_that_is_too_old(tmp_path):
    said = message(profile(tmp_path, interpreters.bare("3.6")), tmp_path)
    assert "expected Python 3.7 or later, found 3.6 at" in said


@pytest.mark.parametrize("death", DEATHS)
def test_an_import_that_ends_the_process(fake, tmp_path, death):
    source, cause, advice = DEATHS[death]
    said = message(profile(tmp_path, sys.executable, environment=fake(source)), tmp_path)
    assert f"died ({cause})" in said
    assert "importing TensorFlow" in said
    assert advice in said
    assert ("no licence" in said) == (death == "exit")


def test_an_import_that_fails_in_native_code(fake, tmp_path):
    text = "Traceback (most recent call last):\n  ...\nImportError: libcudart.so.10.0: not found\n\nFailed to"
    finished = profile(tmp_path, sys.executable, environment=fake(f"raise ImportError({text!r})"))
    said = message(finished, tmp_path)
    assert "raised ImportError: libcudart.so.10.0: not found" in said
    assert f"{sys.executable} -c 'import tensorflow'" in said


def test_an_interpreter_that_dies_as_it_starts(without_packages, tmp_path):
    (packages,) = without_packages.parents[1].glob("lib/python*/site-packages")
    (packages / "sitecustomize.py").write_text("import os; print('going down', flush=True); os.abort()")
    said = message(profile(tmp_path, without_packages), tmp_path)
    assert "does not run as a Python interpreter (signal SIGABRT)" in said
    assert "going down" in said


def test_ctrl_c_ends_an_import_that_hangs(fake, tmp_path):
    source = f"import pathlib, time; pathlib.Path({str(tmp_path)!r}, 'hangs').touch(); time.sleep(600)"
    process = subprocess.Popen(
        [sys.executable, "-m", "keras_profile", "demo", "--no-try"],
        cwd=tmp_path,
        env={**os.environ, **fake(source)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=heed_interrupts,
    )
    while not (tmp_path / "hangs").exists():
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert out == ""
    assert "importing TensorFlow …" in said
    assert "interrupted before the first call was measured" in said
    assert list((tmp_path / "traces").iterdir()) == []

"""Bad input, interrupts and crashes, as a user meets them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from support.commands import WORKLOADS, heed_interrupts

BAD_INPUT = [
    (["nosuch.keras"], "no such file or folder: nosuch.keras"),
    ([str(WORKLOADS.with_name("no_such.py"))], "no such file"),
    ([f"{WORKLOADS}:nothing"], "functions defined there: Batches"),
    ([f"{WORKLOADS}:no_model"], "expected a Keras model, found builtins.dict"),
    (["nosuch.module:build"], "no such module: nosuch.module"),
    ([f"{WORKLOADS}:subclassed"], "does not specify its inputs"),
    ([f"{WORKLOADS}:tiny", "--entry", "signature"], "target, which is a Keras model"),
    ([f"{WORKLOADS}:tiny", "--no-compile"], "found a compiled one"),
    ([f"{WORKLOADS}:tiny", "--entry", "call", "--batch-size", "8"], "use --rows"),
    ([f"{WORKLOADS}:tiny", "--input", "wrong.npy"], "expected float32 (None, 4)"),
    ([f"{WORKLOADS}:tiny", "--input", "wrong.npy"], "found shape (5, 7)"),
    ([f"{WORKLOADS}:tiny", "--input", "objects.npy"], "would run code in the file"),
    ([f"{WORKLOADS}:tiny", "--input", "two.npz"], "the model takes 1 inputs"),
    ([f"{WORKLOADS}:tiny", "--rows", "100", "--input", "good.npy"], "the input has only 32 rows"),
    (["text.keras"], "does not match its name"),
    (["begun.keras"], "expected a .keras archive with a config.json"),
    (["half.h5"], "expected an HDF5 file with a Keras model"),
    ([f"{WORKLOADS}:tiny", "--input", "none.npz"], "none.npz holds no array"),
    ([f"{WORKLOADS}:tiny", "--input", "cut.npy"], "it may be cut short"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("bad")
    np.save(place / "good.npy", np.zeros((32, 4)))
    np.save(place / "wrong.npy", np.zeros((5, 7)))
    np.save(place / "objects.npy", np.array([{}], dtype=object))
    np.savez(place / "two.npz", np.zeros((32, 4)), np.zeros((32, 4)))
    (place / "text.keras").write_text("hello")
    (place / "begun.keras").write_bytes(b"PK")
    (place / "half.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(500))
    np.savez(place / "none.npz")
    (place / "cut.npy").write_bytes((place / "good.npy").read_bytes()[:-100])
    return place


@pytest.mark.parametrize(("arguments", "expected"), BAD_INPUT)
def test_bad_input_gets_one_clear_message_and_exit_code_2(command, folder, arguments, expected):
    finished = command("profile", "--no-try", *arguments, "--seconds", "1", folder=folder)
    assert finished.code == 2
    assert expected in finished.err
    assert "Traceback" not in finished.err
    assert not list((folder / "traces").iterdir()), "a failed run leaves no half recording"


def test_a_factory_that_raises_shows_its_own_traceback_and_not_ours(command, folder):
    finished = command("profile", "--no-try", f"{WORKLOADS}:raises", folder=folder)
    assert finished.code == 2
    assert "RuntimeError: the weights are missing" in finished.err
    assert 'raise RuntimeError("the weights are missing")' in finished.err
    assert os.path.join("keras_profile", "recorder") not in finished.err


def test_a_model_with_code_is_loaded_on_request_alone(command, tmp_path):
    code = (
        f"import sys; sys.path.insert(0, {str(WORKLOADS.parent)!r})\n"
        "import workloads; workloads.with_lambda().save('model.keras')"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True)
    refused = command("profile", "--no-try", "model.keras", "--seconds", "1", folder=tmp_path)
    assert refused.code == 2
    assert "holds a Lambda layer" in refused.err
    assert "--trust-model" in refused.err
    trusted = command(
        "profile", "--no-try", "model.keras", "--trust-model", "--seconds", "1", folder=tmp_path
    )
    assert trusted.code == 0, trusted.err


def test_no_tensorflow(command, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'tensorflow':\n"
        "            raise ModuleNotFoundError('No module named tensorflow', name=name)\n"
        "sys.meta_path.insert(0, Block())\n"
    )
    process = subprocess.run(
        [sys.executable, "-m", "keras_profile", "profile", "--no-try", f"{WORKLOADS}:tiny"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        text=True,
        capture_output=True,
        check=False,
    )
    assert process.returncode == 2
    assert "has no TensorFlow" in process.stderr
    assert "pip install tensorflow" in process.stderr


def test_an_unwritable_folder(command, tmp_path):
    (tmp_path / "traces").write_text("a file where the folder should be")
    finished = command("profile", "--no-try", f"{WORKLOADS}:tiny", folder=tmp_path)
    assert finished.code == 2
    assert "cannot be created" in finished.err


DYING = """
import os, pathlib, numpy as np, tensorflow as tf
class Dying(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = tf.keras.layers.Dense(1)
    def call(self, x):
        return self.dense(x)
    def predict(self, *args, **options):
        if {when}:
            {death}
        return super().predict(*args, **options)
def build():
    return Dying(), np.zeros((8, 4), "float32")
"""


def test_a_crash_loses_no_round_that_was_finished(command, tmp_path):
    # As soon as a round is finished and saved, however long that takes.
    (tmp_path / "dying.py").write_text(
        DYING.format(when="list(pathlib.Path('traces').glob('*/recording.json'))", death="os._exit(7)")
    )
    finished = command("profile", "--no-try", "dying.py:build", "--json", "--seconds", "30", folder=tmp_path)
    assert finished.code == 0, finished.err
    assert "died (exit code 7)" in finished.err
    report = finished.report
    assert any("died" in note for note in report["notes"])
    assert report["calls"]["warm"]["count"] >= 1
    attribution = report["attribution"]
    assert sum(phase["self_ns"] for phase in attribution["phases"]) == attribution["total_ns"]


def test_a_crash_in_the_first_call_shows_the_program_s_last_words(command, tmp_path):
    (tmp_path / "dying.py").write_text(
        DYING.format(when="True", death="print('going down', flush=True); os._exit(7)")
    )
    finished = command("profile", "--no-try", "dying.py:build", "--seconds", "2", folder=tmp_path)
    assert finished.code == 2
    assert "died (exit code 7)" in finished.err
    assert "going down" in finished.err


def test_a_capture_that_fails_costs_none_of_the_others(command, tmp_path):
    (tmp_path / "held.py").write_text(
        f"import sys\nsys.path.insert(0, {str(WORKLOADS.parent)!r})\nfrom workloads import tiny\n"
        "import tensorflow as tf\n"
        "def build():\n"
        "    tf.profiler.experimental.start('elsewhere')\n"
        "    return tiny()\n"
    )
    finished = command("profile", "--no-try", "held.py:build", "--json", "--seconds", "3", folder=tmp_path)
    assert finished.code == 0, finished.err
    outcomes = {capture["name"]: capture for capture in finished.report["captures"]}
    assert outcomes.pop("tensorflow")["status"] == "failed"
    assert {capture["status"] for capture in outcomes.values()} == {"ok"}
    assert any("tensorflow" in note for note in finished.report["notes"])


def test_ctrl_c_while_measuring_reports_what_was_measured(tmp_path):
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "keras_profile",
            "profile",
            "--no-try",
            f"{WORKLOADS}:tiny",
            "--json",
            "--seconds",
            "120",
        ],
        cwd=tmp_path,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=heed_interrupts,
    )
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("traces/*/recording.json")):
        assert time.monotonic() < deadline, "no round was finished in time"
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert '"the recording was interrupted' in out
    assert "press Ctrl-C again" in err


def test_a_call_longer_than_the_budget_still_gets_two_of_each_capture(command, tmp_path):
    (tmp_path / "slow.py").write_text(
        f"import sys, time\nsys.path.insert(0, {str(WORKLOADS.parent)!r})\nimport workloads\n"
        "def build():\n"
        "    model = workloads.tiny()\n"
        "    class Slow(type(model)):\n"
        "        def predict(self, *args, **options):\n"
        "            time.sleep(0.7)\n"
        "            return super().predict(*args, **options)\n"
        "    model.__class__ = Slow\n"
        "    return model\n"
    )
    finished = command("profile", "--no-try", "slow.py:build", "--json", "--seconds", "1", folder=tmp_path)
    assert finished.code == 0, finished.err
    assert "longer than the requested 1 s" in finished.err
    assert {capture["calls"] for capture in finished.report["captures"]} == {2}
    # The user's own code before Keras begins is nobody's phase.
    attribution = finished.report["attribution"]
    assert attribution["unattributed_ns"] > 0.3 * attribution["total_ns"]

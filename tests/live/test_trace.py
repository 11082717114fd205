"""Traces that Keras and TensorFlow make themselves, divided by ``keras-profile trace``."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import numpy as np
import tensorflow as tf
import keras

x, y = np.random.rand(64, 4), np.random.rand(64, 1)
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(8), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.predict(x, verbose=0)
model.fit(x, y, batch_size=8, epochs=2, verbose=0, callbacks=[
    keras.callbacks.TensorBoard("callback", profile_batch=(3, 6))])
tf.profiler.experimental.start("steps")
for step in range(3):
    with tf.profiler.experimental.Trace("predict", step_num=step, _r=1):
        model.predict(x, verbose=0)
tf.profiler.experimental.stop()
tf.profiler.experimental.start("eager")
for step in range(3):
    with tf.profiler.experimental.Trace("call", step_num=step, _r=1):
        model(x)
tf.profiler.experimental.stop()
tf.profiler.experimental.start("bare")
model.predict(x, verbose=0)
tf.profiler.experimental.stop()
"""


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("logs")
    subprocess.run([sys.executable, "-c", PROGRAM], cwd=folder, check=True, capture_output=True, timeout=300)
    return folder


def divided(folder, *more):
    done = subprocess.run(
        [sys.executable, "-m", "keras_profile", "trace", "--json", *map(str, (folder, *more))],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def shares(host):
    return {phase["phase"]: phase["share"] for phase in host["division"]["phases"]}


def test_the_tensorboard_callbacks_trace_has_steps(logs):
    (host,) = divided(logs / "callback")["hosts"]
    assert host["division"]["steps"] == 4
    assert host["step_names"] == ["Profiled batch"]
    assert {"execution", "dispatch"} <= set(shares(host))
    # oneDNN gives some of them names of its own.
    assert [kernel for kernel in host["division"]["kernels"] if "MatMul" in kernel["op"]]


def test_a_profiled_predict_rebuilds_its_pipeline(logs):
    (host,) = divided(logs / "steps")["hosts"]
    assert (host["division"]["steps"], host["step_names"]) == (3, ["predict"])
    found = shares(host)
    assert min(found[phase] for phase in ("dataset_building", "iterator_creation", "function_tracing")) > 0.03
    for row in range(3):
        assert sum(ns[row] for ns in host["steps"]["phases_ns"].values()) == host["steps"]["total_ns"][row]


def test_a_model_that_runs_op_by_op_is_single_ops(logs):
    (host,) = divided(logs / "eager")["hosts"]
    assert shares(host)["single_ops"] > 0.2


def test_a_trace_without_steps_is_one(logs):
    report = divided(logs / "bare", logs / "steps")
    bare, steps = report["hosts"]
    assert bare["step_names"] == []
    assert bare["division"]["steps"] == 1
    assert "no steps" in bare["notes"][0]
    assert report["joint"]["steps"] == 1 + steps["division"]["steps"]

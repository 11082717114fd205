"""Calls that a program made once are made again after its end, alone, under all captures."""

from __future__ import annotations

import pytest

from keras_profile.recorder.protocol import CAPTURES

OPTIONS = ("--no-html", "--no-try", "--seconds", "30")


@pytest.fixture(scope="module")
def once(run_program):
    """The run of the program that calls each model once."""
    return run_program("once.py", options=OPTIONS)


def notes(finished):
    return "\n".join(finished.report["notes"])


def test_the_program_does_what_it_does_alone(once):
    assert once.code == 3, once.err
    lines = once.out.splitlines()
    assert [line.split()[0] for line in lines] == ["images", "stream", "graph", "ends"]
    # The callback and the generator are not called again.
    assert lines[-1] == "ends 1 drawn 3"


def test_a_call_that_was_made_once_has_phases_layers_and_findings(once):
    group = once.group("once.py", "images")
    assert group["count"] == 1
    assert group.is_whole
    captures = {one["name"]: one for one in group["captures"]}
    assert [name for name in CAPTURES if captures[name]["calls"]] == list(CAPTURES)
    assert group["attribution"]["layers"][0]["class"] == "Conv2D"
    judged = [one["rule"] for one in group["findings"] if one["verdict"] != "cannot_tell"]
    assert {"pipeline_rebuilt", "heavy_layer", "outputs_concatenated", "waits"} <= set(judged)
    phases = {one["phase"]: one for one in group["attribution"]["phases"]}
    low, high = phases["execution"]["share_ci95"]
    assert 0 < low <= phases["execution"]["share"] <= high <= 1


def test_what_the_program_showed_stays_the_program_s(once):
    group = once.group("once.py", "images")
    cold = once.process.calls[0]["wall_ns"]
    assert group["cold_ns"] == cold
    again = group["workload"]["in_program"]
    assert again["warm_calls"] == 0
    assert again["warm_ns"] is None
    assert again["again_calls"] >= 5
    assert group["once_ns"] == max(cold - group["calls"]["warm"]["median_ns"], 0)
    assert once.report["program"]["calls"] == 3


def test_a_function_of_the_program_s_own_is_called_again(once):
    group = once.group("once.py", "graph")
    assert group.is_whole
    assert group["workload"]["in_program"]["again_calls"] >= 5


def test_a_generator_is_not_drawn_from(once):
    group = once.group("once.py", "stream")
    assert group["attribution"] is None
    assert "calls could not be replayed: the input is a generator, which can be read only once" in notes(once)


def test_without_replay_nothing_is_called_again(run_program):
    finished = run_program("once.py", options=("--no-html", "--no-try", "--no-replay"))
    assert finished.code == 3, finished.err
    assert finished.out.splitlines()[-1] == "ends 1 drawn 3"
    assert all(group["attribution"] is None for group in finished.report["groups"])
    assert not list(finished.recording.glob("process-*/groups/*/replay"))


UNDER_A_TAPE = """
import tensorflow as tf
model = tf.keras.Sequential([tf.keras.layers.Dense(256, activation="relu") for _ in range(8)])
x = tf.ones((512, 256))
for _ in range(30):
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(model(x, training=False))
    tape.gradient(y, model.trainable_variables)
"""


def test_no_change_is_tried_on_calls_that_gradients_are_taken_of(run_program, tmp_path):
    program = tmp_path / "gradients.py"
    program.write_text(UNDER_A_TAPE)
    finished = run_program(str(program), options=("--no-html", "--no-replay"))
    (group,) = [one for one in finished.report["groups"] if one["entry"] == "call_inference"]
    assert group["comparisons"] == []
    assert "no recipes were tried: a GradientTape records the calls" in notes(finished)


LONG = """
import time
import tensorflow as tf

def slowly(rows):
    time.sleep(2)
    return rows

inputs = tf.keras.Input((4,))
pause = tf.keras.layers.Lambda(lambda x: tf.ensure_shape(tf.numpy_function(slowly, [x], x.dtype), x.shape))
model = tf.keras.Model(inputs, tf.keras.layers.Dense(3)(pause(inputs)))
print(model.predict(tf.ones((8, 4)), verbose=0).shape)
"""


def test_where_there_is_time_for_few_calls_one_gives_spans_and_a_trace(run_program, tmp_path):
    program = tmp_path / "long.py"
    program.write_text(LONG)
    finished = run_program(str(program), options=("--no-html", "--no-try", "--seconds", "8"))
    (group,) = finished.report["groups"]
    captures = {one["name"]: one for one in group["captures"]}
    assert captures["spans"]["status"] == captures["tensorflow"]["status"] == "ok"
    assert captures["spans"]["median_ns"] == captures["tensorflow"]["median_ns"]
    (execution,) = [one for one in group["attribution"]["phases"] if one["phase"] == "execution"]
    assert execution["share"] > 0.6
    assert any(
        "numpy_function" in one["event"] or "PyFunc" in one["event"] for one in group["attribution"]["native"]
    )
    # What was under two captures is one call.
    again = group["workload"]["in_program"]["again_calls"]
    assert again == sum(one["calls"] for one in captures.values()) - captures["tensorflow"]["calls"]

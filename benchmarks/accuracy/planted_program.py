"""A program with one known delay: ``planted_program.py PLACE CALLS MS OUT``.

PLACE is where each of CALLS steps waits for MS: ``own_sleep`` and ``own_work`` between the calls,
``loading`` in ``from_config`` of a model that is loaded in each step, ``callback``, ``generator``
and ``map`` of a dataset, or ``layer``, in the graph. OUT becomes a JSON file: when each delay began
and how long it took, how long each step took, and which line it is. Lines that are looked for end
with the name of what they do.
"""

import json
import os
import sys
import tempfile
from time import perf_counter_ns, sleep

import numpy as np
import tensorflow as tf
from tensorflow import keras

PLACE, CALLS, MS, OUT = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
BATCHES = 4
ROWS = 16

delays = []
steps = []


def delay():
    """Of these only the time is of interest: the line is that of a call, or of loading."""
    begin = perf_counter_ns()
    sleep(MS / 1000)
    delays.append((begin, perf_counter_ns() - begin))


def delay_of_batch():
    """A step's delay is made in parts, one a batch."""
    begin = perf_counter_ns()
    sleep(MS / 1000 / BATCHES)
    delays.append((begin, perf_counter_ns() - begin))


class Waits(keras.layers.Layer):
    """Passes its input on; waits in the graph, or where it is made from what was saved."""

    @classmethod
    def from_config(cls, config):
        if PLACE == "loading" and MS:
            delay()
        return cls(**config)

    def call(self, inputs):
        if PLACE != "layer" or not MS:
            return inputs * 1.0

        def wait(given):
            delay_of_batch()
            return given

        waited = tf.py_function(wait, [inputs], inputs.dtype)
        waited.set_shape(inputs.shape)
        return waited

    def compute_output_shape(self, input_shape):
        return input_shape


class AfterBatch(keras.callbacks.Callback):
    def on_predict_batch_end(self, batch, logs=None):
        if MS:
            delay_of_batch()


def batches():
    for _ in range(BATCHES):
        if PLACE == "generator" and MS:
            delay_of_batch()
        yield x[:ROWS]


def slow(rows):
    def wait(given):
        if MS:
            delay_of_batch()
        return given

    waited = tf.py_function(wait, [rows], rows.dtype)
    waited.set_shape((ROWS, 8))
    return waited


x = np.random.RandomState(0).standard_normal((BATCHES * ROWS, 8)).astype("float32")
given = keras.layers.Input((8,))
model = keras.Model(given, keras.layers.Dense(1)(Waits()(keras.layers.Dense(16)(given))))
model.compile("adam", "mse")
arguments = {"verbose": 0}
data = x
if PLACE == "callback":
    arguments["callbacks"] = [AfterBatch()]
if PLACE in ("generator", "map"):
    data = tf.data.Dataset.from_generator(batches, tf.float32, (ROWS, 8))
    if PLACE == "map":
        data = data.map(slow)
elif PLACE != "loading":
    arguments["batch_size"] = ROWS
saved = os.path.join(tempfile.mkdtemp(), "model.h5")
if PLACE == "loading":
    model.save(saved)

for _ in range(CALLS):
    began = perf_counter_ns()
    if PLACE == "loading":
        model = keras.models.load_model(saved, {"Waits": Waits}, compile=False)  # here: loading
        steps.append(perf_counter_ns() - began)
        model.predict(data, **arguments)
        continue
    if PLACE == "own_sleep" and MS:
        began = perf_counter_ns()
        sleep(MS / 1000)  # here: own_sleep
        delays.append((began, perf_counter_ns() - began))
        steps.append(delays[-1][1])
    if PLACE == "own_work" and MS:
        began, until = perf_counter_ns(), perf_counter_ns() + MS * 1e6
        sum(1 for _ in iter(lambda end=until: perf_counter_ns() < end, False))  # here: own_work
        delays.append((began, perf_counter_ns() - began))
        steps.append(delays[-1][1])
    began = perf_counter_ns()
    model.predict(data, **arguments)  # here: call
    if not PLACE.startswith("own"):
        steps.append(perf_counter_ns() - began)

with open(OUT, "w") as file:
    json.dump({"delays": delays[:], "steps": steps}, file)

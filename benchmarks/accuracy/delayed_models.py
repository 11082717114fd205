"""Models in whose calls one known delay is: targets of ``milliseconds.py``.

The environment variable ``KERAS_PROFILE_DELAY`` names a JSON file with ``ms`` and ``out``, to which
the lengths of all delays are written at exit. It runs in the profiled interpreter, so it is
Python 3.7 code.
"""

import atexit
import json
import os
from time import perf_counter_ns, sleep

import numpy as np
import tensorflow as tf
from tensorflow import keras

ROWS = 32

with open(os.environ["KERAS_PROFILE_DELAY"]) as file:
    GIVEN = json.load(file)
lengths = []


@atexit.register
def write():
    with open(GIVEN["out"], "w") as file:
        json.dump(lengths, file)


def delay():
    if GIVEN["ms"]:
        begin = perf_counter_ns()
        sleep(GIVEN["ms"] / 1000)
        lengths.append(perf_counter_ns() - begin)


class Waits(keras.layers.Layer):
    """Waits in the graph."""

    def call(self, inputs):
        def wait(given):
            delay()
            return given

        waited = tf.py_function(wait, [inputs], inputs.dtype)
        waited.set_shape(inputs.shape)
        return waited

    def compute_output_shape(self, input_shape):
        return input_shape


class AfterBatch(keras.callbacks.Callback):
    def on_predict_batch_end(self, batch, logs=None):
        delay()


def rows():
    return np.random.RandomState(0).standard_normal((ROWS, 64)).astype("float32")


def model_of(*layers):
    given = keras.layers.Input((64,))
    found = given
    for layer in (keras.layers.Dense(128, activation="relu"), *layers, keras.layers.Dense(8)):
        found = layer(found)
    model = keras.Model(given, found)
    model.compile("adam", "mse")
    return model


def layer():
    return model_of(Waits()), rows()


def callback():
    return model_of(), rows()


def callbacks():
    return [AfterBatch()]


def generator():
    batch = rows()

    def batches():
        delay()
        yield batch

    return model_of(), tf.data.Dataset.from_generator(batches, tf.float32, (ROWS, 64))

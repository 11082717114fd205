"""Runs what inference has in Keras, and tells which internals are there and which ran.

Runs inside the interpreter of a generation, as Python 3.7 code: ``python exercise.py
RECORDER OUT``, with the table's rows (module, qualname) as JSON on standard input. OUT
becomes a JSON file: for each row the ``id`` of its code object, null where there is no
such function, and whether it ``ran``.
"""

import importlib
import importlib.util
import json
import os
import sys
import tempfile
import threading

import numpy as np
import tensorflow as tf

keras = tf.keras
layers = keras.layers
VERSION = tuple(int(part) for part in tf.__version__.split(".")[:2])
KERAS_3 = hasattr(keras, "ops")


class Ran:
    """The code objects that ran, on any thread."""

    def __init__(self):
        self.codes = set()
        if hasattr(sys, "monitoring"):
            monitoring = sys.monitoring
            tool = monitoring.PROFILER_ID
            monitoring.use_tool_id(tool, "exercise")

            def started(code, offset):
                self.codes.add(code)
                return monitoring.DISABLE

            events = monitoring.events
            for event in (events.PY_START, events.PY_RESUME):
                monitoring.register_callback(tool, event, started)
            monitoring.set_events(tool, events.PY_START | events.PY_RESUME)
        else:
            threading.setprofile(self._profile)
            sys.setprofile(self._profile)

    def _profile(self, frame, event, argument):
        self.codes.add(frame.f_code)


def rows(count=96):
    return np.random.RandomState(0).standard_normal((count, 4)).astype("float32")


def build(kind="dense", compiled=True, **options):
    if kind == "dense":
        given = layers.Input((4,))
        made = layers.Dense(1)(layers.Dropout(0.5)(layers.Dense(2, activation="relu")(given)))
    elif kind == "lstm":
        given = layers.Input((4, 1))
        made = layers.Dense(1)(layers.LSTM(3)(given))
    elif kind == "convolution":
        given = layers.Input((8, 8, 1))
        made = layers.Dense(1)(layers.Flatten()(layers.Conv2D(2, 3)(given)))
    else:
        given = [layers.Input((4,)), layers.Input((4,))]
        made = layers.Dense(1)(layers.Concatenate()(given))
    model = keras.Model(given, made)
    if compiled:
        model.compile("adam", "mse", **options)
    return model


class Batches(keras.utils.PyDataset if hasattr(keras.utils, "PyDataset") else keras.utils.Sequence):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        return (rows(32),)


class Watch(keras.callbacks.Callback):
    def on_predict_batch_end(self, batch, logs=None):
        pass


def generator():
    for _ in range(3):
        yield (rows(32),)


def predict_kinds(model):
    """Every kind of input that predict takes."""
    x = rows()
    model.predict(x, verbose=1)
    model.predict(x, verbose=0)
    model.predict(x, batch_size=10, verbose=0)
    model.predict(x, verbose=0, callbacks=[Watch()])
    model.predict(tf.constant(x), verbose=0)
    model.predict([x], verbose=0)
    model.predict(tf.data.Dataset.from_tensor_slices(x).batch(32), verbose=0)
    model.predict(tf.data.Dataset.from_tensor_slices(x).batch(32).repeat(), steps=2, verbose=0)
    model.predict(generator(), steps=3, verbose=0)
    model.predict(Batches(), verbose=0)
    if "workers" in model.predict.__code__.co_varnames:
        model.predict(Batches(), workers=2, verbose=0)
    elif hasattr(keras.utils, "PyDataset"):
        model.predict(Batches(workers=2), verbose=0)
    model.predict_on_batch(x)
    model.predict_on_batch(tf.constant(x))
    model(x)
    model(tf.constant(x), training=False)


def exercise():
    predict_kinds(build())
    if not KERAS_3:
        build().predict(rows().tolist(), verbose=0)
    predict_kinds(build(compiled=False))
    predict_kinds(build(run_eagerly=True))
    if VERSION >= (2, 4):
        build(steps_per_execution=2).predict(rows(128), verbose=0)
    if VERSION >= (2, 9):
        predict_kinds(build(jit_compile=True))
    sequences, images = np.zeros((32, 4, 1), "float32"), np.zeros((32, 8, 8, 1), "float32")
    for kind, x in (("lstm", sequences), ("convolution", images), ("two", [rows(), rows()])):
        model = build(kind)
        model.predict(x, verbose=0)
        model.predict_on_batch(x)
        model(x)
    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        model = build()
    model.predict(rows(), verbose=0)
    model.predict_on_batch(rows())
    model = build()
    function = tf.function(model)
    for _ in range(3):
        function(tf.constant(rows()))
    folder = os.path.join(tempfile.mkdtemp(), "model")
    model.export(folder) if hasattr(model, "export") else tf.saved_model.save(model, folder)
    loaded = tf.saved_model.load(folder)
    signature = next(iter(loaded.signatures.values()))
    name = next(iter(signature.structured_input_signature[1]))
    signature(**{name: tf.constant(rows())})
    return model


def main(recorder, out):
    ran = Ran()
    model = exercise()
    sys.setprofile(None)
    # The recorder as a package of its own, as its __main__ loads it.
    spec = importlib.util.spec_from_file_location(
        "recorder", os.path.join(recorder, "__init__.py"), submodule_search_locations=[recorder]
    )
    sys.modules["recorder"] = importlib.util.module_from_spec(spec)
    keras = importlib.import_module("recorder.frameworks.keras")
    resolving = importlib.import_module("recorder.probes.resolving")
    root = keras.keras_root(model)
    found = []
    for module, qualname in json.load(sys.stdin):
        name = keras.expand(module, root)
        target = resolving.resolve(name, qualname)  # in what is loaded, as a recording does
        found.append(
            {
                "id": None if target is None else id(target.code),
                "ran": target is not None and target.code in ran.codes,
            }
        )
    with open(out, "w") as file:
        json.dump(found, file)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A nightly job: reads the files of a folder in a tf.data pipeline, predicts, and writes the scores."""

import time

BEGAN = time.perf_counter()

import os
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow import keras

SHARDS = 12 * int(os.environ.get("REPEAT", "1"))
FILES, ROWS, COLUMNS = 24, 512, 16


def make_model():
    inputs = keras.layers.Input((COLUMNS,))
    return keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Dense(32, activation="relu")(inputs)))


def write_inputs(folder):
    paths = []
    for number in range(FILES):
        rows = np.random.RandomState(number).standard_normal((ROWS, COLUMNS)).astype("float32")
        path = os.path.join(folder, f"{number:03}")
        if number % 2:
            np.save(path + ".npy", rows)
            paths.append(path + ".npy")
        else:
            np.savetxt(path + ".csv", rows, delimiter=",")
            paths.append(path + ".csv")
    return paths


def read(path):
    name = path.numpy().decode()
    rows = np.load(name) if name.endswith(".npy") else np.loadtxt(name, delimiter=",", dtype="float32")
    return (rows - rows.mean()) / rows.std()


def load(path):
    rows = tf.py_function(read, [path], tf.float32)
    return tf.ensure_shape(rows, (ROWS, COLUMNS))


def main():
    model, shards = make_model(), 0
    with tempfile.TemporaryDirectory() as folder:
        paths = write_inputs(folder)
        for shard in range(SHARDS):
            dataset = tf.data.Dataset.from_tensor_slices(paths).map(load)
            scores = model.predict(dataset, verbose=0)  # here: predict
            np.save(os.path.join(folder, f"scores-{shard}.npy"), scores)
            shards += 1
    print("predict", shards)


if __name__ == "__main__":
    main()
    print(f"took {time.perf_counter() - BEGAN:.6f} s")

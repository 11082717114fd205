"""Score the archive of electricity meters: compressed files of readings, a few hundred households each."""

import gzip
import json
import pathlib
import tempfile

import keras
import numpy as np
from keras import layers

FILES = 16
HOUSEHOLDS = 400
HOURS = 168


def write_archive(folder):
    rng = np.random.default_rng(350)
    for number in range(FILES):
        readings = rng.gamma(2.0, 0.3, (HOUSEHOLDS, HOURS)).round(3)
        with gzip.open(folder / f"week{number:02}.jsonl.gz", "wt") as file:
            for household, row in enumerate(readings.tolist()):
                file.write(json.dumps({"household": household, "readings": row}) + "\n")


def read(path):
    with gzip.open(path, "rt") as file:
        return np.array([json.loads(line)["readings"] for line in file], "float32")


def build():
    keras.utils.set_random_seed(351)
    hours = keras.Input((HOURS,))
    x = layers.Dense(64, activation="relu")(hours)
    return keras.Model(hours, layers.Dense(3, activation="softmax")(x))


def main():
    model = build()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write_archive(folder)
        scores = [model.predict_on_batch(read(path)) for path in sorted(folder.iterdir())]
    scores = np.concatenate(scores)
    print("households", len(scores), "mean", [round(float(value), 3) for value in scores.mean(0)])


if __name__ == "__main__":
    main()

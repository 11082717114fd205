"""Forecast the grapes of each row of a vineyard and keep a record while it runs."""

import json
import tempfile
from pathlib import Path

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(113)


class Record(keras.callbacks.Callback):
    """Keeps every forecast made so far in a file that the cellar reads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.forecasts: list[float] = []

    def on_predict_batch_end(self, batch, logs=None) -> None:
        self.forecasts.extend(float(value) for value in logs["outputs"][:, 0])
        self.last = int(batch)

    def on_predict_end(self, logs=None) -> None:
        self.path.write_text(json.dumps({"batch": self.last, "forecasts": self.forecasts}))


def yield_network() -> keras.Model:
    leaves = keras.Input((30,), name="leaves")
    soil = keras.Input((8,), name="soil")
    x = layers.Dense(48, activation="relu")(leaves)
    y = layers.Dense(16, activation="relu")(soil)
    x = layers.Dense(32, activation="relu")(layers.Concatenate()([x, y]))
    return keras.Model([leaves, soil], layers.Dense(1)(x))


def rows(count: int) -> list[np.ndarray]:
    random = np.random.default_rng(38)
    return [random.random((count, width), dtype="float32") for width in (30, 8)]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        record = Record(Path(folder) / "forecasts.json")
        network = yield_network()
        forecast = network.predict(rows(16_000), batch_size=64, verbose=0, callbacks=[record])
        written = json.loads(record.path.read_text())["forecasts"]
    print("rows", len(forecast), "written", len(written))
    print("mean", round(float(forecast.mean()), 4), round(float(np.mean(written)), 4))


main()

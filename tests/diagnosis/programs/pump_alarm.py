"""Train a vibration alarm, export it, and serve it to the polling loop of a plant."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"

import json
import tempfile
import time

import keras
import numpy as np
from keras import layers

STEPS = 80
CHANNELS = 6
PUMPS = 24
POLLS = 55

SETTINGS = """
{
  "optimizer": "adam",
  "loss": "binary_crossentropy",
  "units": [48, 32],
  "epochs": 1,
  "batch_size": 64,
  "debug": true
}
"""


def build(settings):
    first, second = settings["units"]
    inputs = keras.Input((STEPS, CHANNELS))
    x = layers.LSTM(first, return_sequences=True)(inputs)
    x = layers.LSTM(second)(x)
    x = layers.Dense(16, activation="relu")(x)
    outputs = layers.Dense(1, activation="sigmoid")(x)
    model = keras.Model(inputs, outputs, name="pump_alarm")
    model.compile(
        optimizer=settings["optimizer"],
        loss=settings["loss"],
        run_eagerly=settings["debug"],
    )
    return model


def windows(rng, count):
    t = np.arange(STEPS) / STEPS
    speed = rng.uniform(4, 9, (count, 1, CHANNELS))
    wave = np.sin(2 * np.pi * speed * t[None, :, None])
    return (wave + rng.normal(0, 0.2, wave.shape)).astype("float32")


def train_and_export(path, rng):
    settings = json.loads(SETTINGS)
    model = build(settings)
    x = windows(rng, 128)
    y = (x.std(axis=(1, 2)) > np.median(x.std(axis=(1, 2)))).astype("float32")[:, None]
    model.fit(
        x,
        y,
        epochs=settings["epochs"],
        batch_size=settings["batch_size"],
        verbose=0,
    )
    model.save(path)


class AlarmService:
    def __init__(self, path, limit=0.5):
        self.model = keras.models.load_model(path)
        self.limit = limit

    def check(self, batch):
        scores = self.model.predict(batch, verbose=0)[:, 0]
        return np.flatnonzero(scores > self.limit)


def main():
    keras.utils.set_random_seed(17)
    rng = np.random.default_rng(17)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "pump_alarm.keras")
        train_and_export(path, rng)
        service = AlarmService(path)

        raised = 0
        latencies = []
        for _ in range(POLLS):
            batch = windows(rng, PUMPS)
            started = time.perf_counter()
            raised += len(service.check(batch))
            latencies.append(time.perf_counter() - started)
    print(f"{POLLS} polls of {PUMPS} pumps, {raised} alarms")
    print(f"median {np.median(latencies) * 1e3:.0f} ms, total {sum(latencies):.1f} s")


if __name__ == "__main__":
    main()

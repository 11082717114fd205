"""Morning forecast of parcel volume per depot: one network per quantile, two weeks of hourly history."""

import datetime as dt
import os
import tempfile
import time

import keras
import numpy as np
from keras import layers

HISTORY = 5 * 24
HORIZON = 24
QUANTILES = (0.1, 0.5, 0.9)


def hourly_volumes(n_depots, n_hours, seed=5):
    rng = np.random.default_rng(seed)
    hours = np.arange(n_hours)
    day = 1 + 0.6 * np.sin(2 * np.pi * (hours - 8) / 24)
    week = 1 - 0.35 * ((hours // 24) % 7 >= 5)
    base = rng.lognormal(4.0, 0.5, (n_depots, 1))
    return rng.poisson(base * day * week).astype("float32")


def calendar_features(start, n_hours):
    stamps = [start + dt.timedelta(hours=h) for h in range(n_hours)]
    hour = np.array([s.hour for s in stamps]) / 24.0
    weekday = np.array([s.weekday() for s in stamps]) / 7.0
    return np.stack(
        [
            np.sin(2 * np.pi * hour),
            np.cos(2 * np.pi * hour),
            np.sin(2 * np.pi * weekday),
            np.cos(2 * np.pi * weekday),
        ],
        axis=1,
    )


class QuantileNet:
    """Two stacked GRUs, the weights of a quantile lie in their own file."""

    def __init__(self, quantile, n_features):
        self.quantile = quantile
        self.model = self._build(n_features)

    def _build(self, n_features):
        inputs = layers.Input((HISTORY, n_features))
        x = layers.GRU(32, return_sequences=True, unroll=True)(inputs)
        x = layers.GRU(16, unroll=True)(x)
        x = layers.Dense(64, activation="relu")(x)
        return keras.Model(inputs, layers.Dense(HORIZON)(x), name=f"q{int(self.quantile * 100)}")

    def load(self, folder):
        self.model.load_weights(os.path.join(folder, f"{self.model.name}.weights.h5"))
        return self

    def forecast(self, windows):
        return self.model.predict(windows, batch_size=256, verbose=0)


def train_stub(folder, n_features):
    """The real training runs elsewhere; here the files only have to exist."""
    for i, q in enumerate(QUANTILES):
        keras.utils.set_random_seed(i)
        net = QuantileNet(q, n_features)
        net.model.save_weights(os.path.join(folder, f"{net.model.name}.weights.h5"))


def main():
    volumes = hourly_volumes(n_depots=400, n_hours=HISTORY)
    scale = volumes.mean(axis=1, keepdims=True)
    calendar = calendar_features(dt.datetime(2025, 3, 3), HISTORY).astype("float32")
    windows = np.concatenate(
        [(volumes / scale)[..., None], np.broadcast_to(calendar, (len(volumes), *calendar.shape))], axis=2
    )
    with tempfile.TemporaryDirectory() as folder:
        train_stub(folder, windows.shape[-1])
        table = {}
        for q in QUANTILES:
            t0 = time.time()
            net = QuantileNet(q, windows.shape[-1]).load(folder)
            table[q] = net.forecast(windows) * scale
            print(f"quantile {q}: {table[q].shape[0]} depots, {time.time() - t0:.1f}s")
    stacked = np.sort(np.stack([table[q] for q in QUANTILES]), axis=0)
    print(
        "network-wide volume tomorrow:", {q: int(abs(v)) for q, v in zip(QUANTILES, stacked.sum(axis=(1, 2)))}
    )


if __name__ == "__main__":
    main()

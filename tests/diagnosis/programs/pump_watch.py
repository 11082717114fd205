"""Watches a fleet of pumps with a convolutional autoencoder, one tick at a time."""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

PUMPS, WINDOW, SENSORS = 40, 64, 8


class RobustScaler:
    """Scales with median and inter-quartile range of the commissioning period."""

    def __init__(self, baseline):
        self.baseline = np.asarray(baseline, np.float32)

    @property
    def parameters(self):
        low, mid, high = np.percentile(self.baseline, [25, 50, 75], axis=0)
        return mid.astype(np.float32), np.maximum(high - low, 1e-6).astype(np.float32)

    def transform(self, x):
        centre, spread = self.parameters
        return (x - centre) / spread


def build_autoencoder():
    inp = keras.Input((WINDOW, SENSORS))
    x = layers.Conv1D(32, 5, strides=2, padding="same", activation="relu")(inp)
    x = layers.Conv1D(16, 5, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv1DTranspose(32, 5, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv1DTranspose(SENSORS, 5, strides=2, padding="same")(x)
    return keras.Model(inp, x)


class PumpMonitor:
    def __init__(self, model, scaler, limit=4.0):
        self.scaler = scaler
        self.limit = limit
        self.windows = np.zeros((PUMPS, WINDOW, SENSORS), np.float32)
        self.alarms = np.zeros(PUMPS, int)

        @tf.function(input_signature=[tf.TensorSpec([PUMPS, WINDOW, SENSORS], tf.float32)])
        def residual(x):
            return tf.reduce_mean(tf.square(model(x, training=False) - x), axis=[1, 2])

        self.residual = residual

    def push(self, reading):
        self.windows[:, :-1] = self.windows[:, 1:]
        self.windows[:, -1] = reading

    def tick(self, reading):
        self.push(reading)
        error = self.residual(self.scaler.transform(self.windows)).numpy()
        self.alarms += error > self.limit
        return error


def readings(rng, offset, ticks):
    for t in range(ticks):
        wave = np.sin(t / 9.0 + np.arange(SENSORS))
        yield (offset + wave + rng.normal(0, 0.3, (PUMPS, SENSORS))).astype(np.float32)


def main():
    keras.utils.set_random_seed(5)
    rng = np.random.default_rng(5)
    offset = rng.uniform(20, 80, SENSORS)
    baseline = rng.standard_normal((300_000, SENSORS), dtype=np.float32) + offset
    monitor = PumpMonitor(build_autoencoder(), RobustScaler(baseline))
    start = time.perf_counter()
    worst = []
    for reading in readings(rng, offset, 160):
        worst.append(float(monitor.tick(reading).max()))
    print(f"{len(worst)} ticks in {time.perf_counter() - start:.1f} s")
    print("alarms:", int(monitor.alarms.sum()), "worst residual:", round(max(worst), 2))


if __name__ == "__main__":
    main()

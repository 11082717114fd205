"""Watch a wind farm: compare each turbine with what its sensors should read.

A recurrent network predicts the next reading from the last day of ten-minute
values. Turbines whose prediction error drifts away from their own running
baseline are reported.
"""

import logging
import os
import time
from dataclasses import dataclass, field

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers

log = logging.getLogger("turbines")

CHANNELS = 10
WINDOW = 144


@dataclass
class Baseline:
    """Exponentially weighted mean and variance of the prediction error."""

    turbines: int
    decay: float = 0.9
    mean: np.ndarray = field(init=False)
    var: np.ndarray = field(init=False)
    seen: int = 0

    def __post_init__(self):
        self.mean = np.zeros(self.turbines)
        self.var = np.ones(self.turbines)

    def update(self, error):
        if self.seen == 0:
            self.mean = error.copy()
        z = (error - self.mean) / np.sqrt(self.var + 1e-6)
        self.mean = self.decay * self.mean + (1 - self.decay) * error
        self.var = self.decay * self.var + (1 - self.decay) * (error - self.mean) ** 2
        self.seen += 1
        return z


class ScadaFeed:
    """Replays ten-minute values; one day per read."""

    def __init__(self, turbines, days, seed=71):
        self.turbines = turbines
        self.days = days
        self.rng = np.random.default_rng(seed)
        self.phase = self.rng.uniform(0, 2 * np.pi, size=(turbines, 1, CHANNELS))
        self.speed = self.rng.uniform(0.5, 3.0, size=(1, 1, CHANNELS))

    def __iter__(self):
        clock = np.arange(WINDOW + 1)[None, :, None] / WINDOW
        for day in range(self.days):
            t = day + clock
            values = np.sin(2 * np.pi * self.speed * t + self.phase)
            values += 0.1 * self.rng.standard_normal(values.shape)
            if day > self.days // 2:
                values[3, -1, 4] += 0.4 * (day - self.days // 2)
            values = values.astype("float32")
            yield day, values[:, :-1], values[:, -1]


def build_predictor():
    history = keras.Input((WINDOW, CHANNELS))
    x = layers.LSTM(64, return_sequences=True)(history)
    x = layers.LSTM(48)(x)
    x = layers.Dense(32, activation="tanh")(x)
    return keras.Model(history, layers.Dense(CHANNELS)(x), name="next_reading")


class Watch:
    def __init__(self, model, turbines, threshold=4.0):
        self.model = model
        self.baseline = Baseline(turbines)
        self.threshold = threshold
        self.alarms = []

    def on_window(self, day, history, actual):
        expected = self.model(history, training=False).numpy()
        error = np.sqrt(np.mean((expected - actual) ** 2, axis=1))
        z = self.baseline.update(error)
        for turbine in np.flatnonzero(z > self.threshold):
            self.alarms.append((day, int(turbine), float(z[turbine])))
            log.warning("day %d: turbine %d is off by %.1f sigma", day, turbine, z[turbine])


def main():
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    keras.utils.set_random_seed(71)
    feed = ScadaFeed(turbines=24, days=50)
    watch = Watch(build_predictor(), feed.turbines)

    spent = []
    for day, history, actual in feed:
        tick = time.perf_counter()
        watch.on_window(day, history, actual)
        spent.append(time.perf_counter() - tick)
        if day % 10 == 9:
            log.info("day %d, %.0f ms per window", day, 1000 * np.mean(spent[-10:]))

    log.info("%d windows, %d alarms, %.1f s", len(spent), len(watch.alarms), sum(spent))


if __name__ == "__main__":
    main()

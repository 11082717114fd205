"""Score a day of bearing vibration with an autoencoder and list the alarm intervals."""

import csv
import io
import logging

import keras
import numpy as np
from keras import layers

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
log = logging.getLogger("bearing")

keras.config.set_floatx("float64")

WINDOW = 256
HOP = 32
RATE = 1000


def read_recording(seconds=1900):
    """The logger exports CSV blocks; keep a header block and stream the rest as an array."""
    rng = np.random.default_rng(11)
    t = np.arange(seconds * RATE) / RATE
    signal = 0.6 * np.sin(2 * np.pi * 29.5 * t) + 0.2 * np.sin(2 * np.pi * 118 * t)
    signal += 0.05 * rng.standard_normal(t.size)
    for start in (400, 1100):
        burst = slice(start * RATE, (start + 25) * RATE)
        signal[burst] += 0.5 * np.sign(np.sin(2 * np.pi * 7 * t[burst])) * rng.random(25 * RATE)
    header = "channel,unit,gain\nx_axis,g,1.25\n"
    meta = next(csv.DictReader(io.StringIO(header)))
    return signal * float(meta["gain"]), meta


def make_windows(signal):
    view = np.lib.stride_tricks.sliding_window_view(signal, WINDOW)[::HOP]
    mean = view.mean(axis=1, keepdims=True)
    std = view.std(axis=1, keepdims=True) + 1e-6
    return (view - mean) / std


def build_autoencoder():
    return keras.Sequential(
        [
            keras.Input((WINDOW,)),
            layers.Dense(1024, activation="relu"),
            layers.Dense(1024, activation="relu"),
            layers.Dense(256, activation="relu"),
            layers.Dense(24, name="code"),
            layers.Dense(1024, activation="relu"),
            layers.Dense(1024, activation="relu"),
            layers.Dense(WINDOW),
        ]
    )


class AlarmTracker:
    def __init__(self, threshold, min_len=5):
        self.threshold = threshold
        self.min_len = min_len

    def intervals(self, scores):
        above = np.concatenate([[0], (scores > self.threshold).astype(int), [0]])
        edges = np.flatnonzero(np.diff(above)).reshape(-1, 2)
        return [(a * HOP / RATE, b * HOP / RATE) for a, b in edges if b - a >= self.min_len]


def main():
    keras.utils.set_random_seed(3)
    signal, meta = read_recording()
    windows = make_windows(signal)
    log.info("channel %s: %d windows of %d samples", meta["channel"], len(windows), WINDOW)
    model = build_autoencoder()
    recon = model.predict(windows, batch_size=512, verbose=0)
    scores = np.mean((recon - windows) ** 2, axis=1)
    smooth = np.convolve(scores, np.ones(15) / 15, mode="same")
    alarms = AlarmTracker(np.quantile(smooth, 0.985)).intervals(smooth)
    print(f"{len(windows)} windows, median error {np.median(scores):.4f}, {len(alarms)} alarms")
    for start, end in alarms[:4]:
        print(f"  {start:8.1f}s - {end:8.1f}s")


if __name__ == "__main__":
    main()

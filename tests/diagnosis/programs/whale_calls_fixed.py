"""Look for whale calls in hydrophone recordings."""

from collections.abc import Iterator

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(61)
FRAME, BANDS = 128, 40


def recordings(count: int) -> Iterator[np.ndarray]:
    random = np.random.default_rng(30)
    for _ in range(count):
        tone = np.sin(np.arange(FRAME * 40) * random.uniform(0.05, 0.5))
        yield (tone + random.normal(0, 0.3, tone.size)).astype("float32")


ANGLES = np.pi * np.outer(np.arange(FRAME), np.arange(1, BANDS + 1)) / BANDS
WAVES = np.cos(ANGLES), np.sin(ANGLES)


def spectrogram(recording: np.ndarray) -> np.ndarray:
    frames = recording.reshape(-1, FRAME)
    real, imaginary = (frames @ wave for wave in WAVES)
    return np.log1p(real * real + imaginary * imaginary).astype("float32")


def batches(count: int, size: int) -> Iterator[tuple[np.ndarray]]:
    batch = []
    for recording in recordings(count):
        batch.append(spectrogram(recording))
        if len(batch) == size:
            yield (np.stack(batch),)
            batch = []


class Detector(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.along_time = layers.Bidirectional(layers.GRU(16))
        self.call_or_not = layers.Dense(3, activation="softmax")

    def call(self, spectrograms):
        return self.call_or_not(self.along_time(spectrograms))


if __name__ == "__main__":
    found = Detector().predict(batches(192, 16), steps=12, verbose=0)
    print("recordings", len(found), "calls", np.round(found.sum(axis=0), 2))

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


def band_energy(frame: np.ndarray, band: int) -> float:
    angle = np.pi * (band + 1) / BANDS * np.arange(FRAME)
    real = float(np.sum(frame * np.cos(angle)))
    imaginary = float(np.sum(frame * np.sin(angle)))
    return float(np.log1p(real * real + imaginary * imaginary))


def spectrogram(recording: np.ndarray) -> np.ndarray:
    frames = recording.reshape(-1, FRAME)
    return np.array([[band_energy(f, band) for band in range(BANDS)] for f in frames], "float32")


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

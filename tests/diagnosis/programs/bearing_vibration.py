"""Watch 128 vibration channels of a paper machine; each bearing has four channels."""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(31)
BEARINGS, CHANNELS = 32, 4


class BearingMonitor(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.smooth = layers.AveragePooling2D((2, 2))
        self.bearing_filters = layers.Conv2D(
            BEARINGS * CHANNELS, 3, padding="same", groups=BEARINGS, activation="relu"
        )
        self.pool = layers.GlobalMaxPooling2D()
        self.alarm = layers.Dense(BEARINGS, activation="sigmoid")

    def call(self, spectrograms):
        x = self.bearing_filters(self.smooth(spectrograms))
        return self.alarm(self.pool(x))


def record_shifts(count: int):
    random = np.random.default_rng(7)
    calm = random.random((8, 128, 128, BEARINGS * CHANNELS), dtype="float32")
    for shift in range(count):
        yield calm * (1 + shift / count)


def main() -> None:
    monitor = BearingMonitor()
    alarms = []
    for spectrograms in record_shifts(20):
        alarms.append(monitor.predict_on_batch(spectrograms))
    worst = np.concatenate(alarms).max(axis=0)
    print("bearings", worst.size, "worst", np.round(worst[:4], 3))
    print("over half", int((worst > 0.5).sum()), "sum", round(float(worst.sum()), 2))


if __name__ == "__main__":
    main()

"""Watch 128 vibration channels of a paper machine; each bearing has four channels."""

import keras
import numpy as np
from keras import layers, ops

keras.utils.set_random_seed(31)
BEARINGS, CHANNELS = 32, 4


class GroupedFilters(layers.Layer):
    """The same convolution, one ordinary convolution for each bearing."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = layers.Conv2D(BEARINGS * CHANNELS, 3, padding="same", groups=BEARINGS)

    def build(self, shape) -> None:
        self.whole.build(shape)

    def call(self, x):
        kernels = ops.split(self.whole.kernel, BEARINGS, axis=-1)
        parts = ops.split(x, BEARINGS, axis=-1)
        done = [ops.conv(p, k, padding="same") for p, k in zip(parts, kernels, strict=True)]
        return ops.relu(ops.concatenate(done, axis=-1) + self.whole.bias)


class BearingMonitor(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.smooth = layers.AveragePooling2D((2, 2))
        self.bearing_filters = GroupedFilters()
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

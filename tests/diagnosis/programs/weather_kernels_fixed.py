"""Interpolate rainfall between weather stations with a radial basis network."""

import keras
import numpy as np
from keras import layers, ops

keras.utils.set_random_seed(2)


class StationKernels(layers.Layer):
    """One Gaussian response for each of the stations."""

    def __init__(self, stations: int, width: float, **kwargs) -> None:
        super().__init__(**kwargs)
        self.stations = stations
        self.width = width

    def build(self, shape) -> None:
        self.places = self.add_weight(
            shape=(self.stations, shape[-1]), initializer="random_normal", name="places"
        )

    def call(self, points):
        lengths = ops.sum(ops.square(points), axis=-1, keepdims=True)
        station_lengths = ops.sum(ops.square(self.places), axis=-1)
        products = ops.matmul(points, ops.transpose(self.places))
        squared = lengths - 2.0 * products + station_lengths
        return ops.exp(-self.width * squared)


class RainMap(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.normalise = layers.LayerNormalization()
        self.kernels = StationKernels(600, width=0.05)
        self.mix = layers.Dense(48, activation="relu")
        self.rain = layers.Dense(1)

    def call(self, points):
        return self.rain(self.mix(self.kernels(self.normalise(points))))


def grid_points(count: int, features: int = 48) -> np.ndarray:
    return np.random.default_rng(4).normal(size=(count, features)).astype("float32")


def main() -> None:
    rain = RainMap()
    points = grid_points(160_000)
    amounts = rain.predict(points, batch_size=500, verbose=0)
    print("points", amounts.shape[0], "mean", round(float(amounts.mean()), 4))
    print("quantiles", np.round(np.quantile(amounts, (0.1, 0.5, 0.9)), 3))


if __name__ == "__main__":
    main()

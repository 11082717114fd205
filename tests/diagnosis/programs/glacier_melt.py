"""Seasonal melt of glaciers: a recurrent network over daily weather, trained a little, then run."""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(101)
DAYS, FIELDS = 120, 6


class MeltNetwork(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.seasons = layers.LSTM(32, return_sequences=True)
        self.mixing = [layers.Dense(32, activation="relu") for _ in range(3)]
        self.year = layers.GRU(24)
        self.melt = layers.Dense(1)

    def call(self, weather):
        x = self.seasons(weather)
        for layer in self.mixing:
            x = layer(x)
        return self.melt(self.year(x))


def compiled(network: keras.Model) -> keras.Model:
    network.compile(optimizer="adam", loss="mse", run_eagerly=True)
    return network


def weather(glaciers: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(32)
    years = random.normal(size=(glaciers, DAYS, FIELDS)).astype("float32")
    return years, years[:, :, 0].clip(0).sum(axis=1, keepdims=True) / 50


def main() -> None:
    years, melt = weather(640)
    network = compiled(MeltNetwork())
    network.train_on_batch(years[:32], melt[:32])
    expected = network.predict(years, verbose=0)
    print("glaciers", len(expected), "mean", round(float(expected.mean()), 3))
    print("spread", round(float(expected.std()), 3))


if __name__ == "__main__":
    main()

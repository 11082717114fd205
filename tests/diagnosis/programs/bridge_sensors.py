"""Check each hour of a bridge's strain gauges for unusual load with an autoencoder."""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(97)
GAUGES = 24


class LoadAutoencoder(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.squeeze = keras.Sequential([layers.Dense(16, activation="relu"), layers.Dense(6)])
        self.expand = keras.Sequential([layers.Dense(16, activation="relu"), layers.Dense(GAUGES)])

    def call(self, strains):
        return self.expand(self.squeeze(strains))


def prepare(model: keras.Model, rate: float) -> keras.Model:
    model.compile(optimizer=keras.optimizers.Adam(rate), loss="mae")
    return model


def unusual(model: keras.Model, hour: np.ndarray) -> float:
    ready = prepare(model, rate=1e-3)
    rebuilt = ready.predict(hour, verbose=0)
    return float(np.abs(rebuilt - hour).mean())


def hours(count: int) -> np.ndarray:
    random = np.random.default_rng(28)
    traffic = np.sin(np.linspace(0, 20, count))[:, None, None]
    return (traffic + random.normal(size=(count, 60, GAUGES))).astype("float32")


def main() -> None:
    strains = hours(70)
    model = LoadAutoencoder()
    prepare(model, rate=1e-3).fit(strains[0], strains[0], epochs=2, verbose=0)
    loads = [unusual(model, hour) for hour in strains]
    print("hours", len(loads), "highest", round(max(loads), 3), "at", int(np.argmax(loads)))


if __name__ == "__main__":
    main()

"""Estimate redshifts from five-band photometry with an ensemble of two networks."""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(47)


def photometric_network(width: int) -> keras.Model:
    magnitudes = keras.Input((5,), name="magnitudes")
    errors = keras.Input((5,), name="errors")
    x = layers.Concatenate()([magnitudes, errors])
    for _ in range(3):
        x = layers.Dense(width, activation="gelu")(x)
    return keras.Model([magnitudes, errors], layers.Dense(1, activation="softplus")(x))


def catalogue(count: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(12)
    magnitudes = random.uniform(16, 25, (count, 5)).astype("float32")
    errors = np.abs(random.normal(0, 0.1, (count, 5))).astype("float32")
    return {"magnitudes": (magnitudes - 20) / 3, "errors": errors}


def estimate(networks: list[keras.Model], galaxies: dict[str, np.ndarray]) -> np.ndarray:
    estimates = [network.predict(galaxies, batch_size=1, verbose=0)[:, 0] for network in networks]
    return np.stack(estimates, axis=1)


def main() -> None:
    networks = [photometric_network(32), photometric_network(48)]
    estimates = estimate(networks, catalogue(2500))
    print("galaxies", len(estimates), "mean z", np.round(estimates.mean(axis=0), 3))
    print("scatter", round(float(np.std(estimates[:, 0] - estimates[:, 1])), 3))


main()

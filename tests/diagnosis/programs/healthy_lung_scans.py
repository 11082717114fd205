"""One predict of all slices; nearly all of it is convolutions."""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(201)


def nodule_network() -> keras.Model:
    scan = keras.Input((96, 96, 1))
    x = scan
    for filters in (16, 32, 48, 64):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(scan, layers.Dense(2, activation="softmax")(x))


def slices(count: int) -> np.ndarray:
    return np.random.default_rng(1).random((count, 96, 96, 1), dtype="float32")


def main() -> None:
    network = nodule_network()
    nodules = network.predict(slices(600), batch_size=32, verbose=0)
    print("slices", len(nodules), "mean", np.round(nodules.mean(axis=0), 3))


main()

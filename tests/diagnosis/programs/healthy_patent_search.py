"""Embed patents once, then look for near copies; the search is the long part, not the network."""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(211)


def embedder() -> keras.Model:
    counts = keras.Input((300,))
    x = layers.Dense(128, activation="relu")(counts)
    x = layers.Dense(64)(x)
    return keras.Model(counts, layers.UnitNormalization()(x))


def near_copies(vectors: np.ndarray, keep: int) -> list[tuple[float, int, int]]:
    found = []
    for first in range(len(vectors)):
        for second in range(first + 1, min(first + 700, len(vectors))):
            found.append((float(vectors[first] @ vectors[second]), first, second))
    return sorted(found, reverse=True)[:keep]


def main() -> None:
    counts = np.random.default_rng(11).poisson(1.0, (4000, 300)).astype("float32")
    vectors = embedder().predict(counts, batch_size=500, verbose=0)
    closest = near_copies(vectors, keep=20)
    print("patents", len(vectors), "pairs", len(closest))
    print("closest", round(closest[0][0], 3))


main()

"""Roll out the growth of crystals: 1,000 steps, each from the field before, all crystals at once."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(213)


class Growth(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.look = layers.Conv2D(24, 3, padding="same", activation="tanh")
        self.change = layers.Conv2D(1, 3, padding="same", activation="tanh")

    def call(self, field):
        return field + 0.02 * self.change(self.look(field))


def grow(model: Growth, seeds: np.ndarray, steps: int) -> np.ndarray:
    step = tf.function(model, input_signature=[tf.TensorSpec(seeds.shape, tf.float32)])
    field = tf.constant(seeds)
    for _ in range(steps):
        field = step(field)
    return field.numpy()


def main() -> None:
    seeds = np.random.default_rng(13).random((8, 48, 48, 1), dtype="float32")
    grown = grow(Growth(), seeds, steps=1000)
    print("crystals", len(grown), "mean", round(float(grown.mean()), 3))


main()

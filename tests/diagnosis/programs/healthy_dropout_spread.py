"""How sure is the network? 40 passes with dropout over all molecules, inside one function."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(210)


def toxicity_network() -> keras.Model:
    molecule = keras.Input((512,))
    x = molecule
    for width in (768, 768, 384):
        x = layers.Dropout(0.2)(layers.Dense(width, activation="relu")(x))
    return keras.Model(molecule, layers.Dense(12, activation="sigmoid")(x))


class Sampler:
    def __init__(self, network: keras.Model) -> None:
        self.network = network
        self.one_pass = tf.function(lambda molecules: network(molecules, training=True))

    def spread(self, molecules: tf.Tensor, passes: int) -> np.ndarray:
        values = [self.one_pass(molecules) for _ in range(passes)]
        return tf.math.reduce_std(tf.stack(values), axis=0).numpy()


def main() -> None:
    molecules = np.random.default_rng(10).random((2000, 512), dtype="float32")
    spread = Sampler(toxicity_network()).spread(tf.constant(molecules), passes=40)
    print("molecules", len(spread), "spread", round(float(spread.mean()), 2))


if __name__ == "__main__":
    main()

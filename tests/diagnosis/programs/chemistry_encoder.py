"""Encode molecules, written as strings, with a small transformer and look for near twins."""

import keras
import numpy as np
from keras import layers, ops

ALPHABET = "CNOSPFclnos()[]=#123456+-@H"
LENGTH = 48
MOLECULES = 150


class Block(layers.Layer):
    def __init__(self, width, heads):
        super().__init__()
        self.attention = layers.MultiHeadAttention(heads, width // heads)
        self.first = layers.LayerNormalization()
        self.wide = layers.Dense(2 * width, activation="gelu")
        self.narrow = layers.Dense(width)
        self.second = layers.LayerNormalization()

    def call(self, x, mask):
        x = self.first(x + self.attention(x, x, attention_mask=mask))
        return self.second(x + self.narrow(self.wide(x)))


class Encoder(keras.Model):
    def __init__(self, width=48, depth=4):
        super().__init__()
        self.letters = layers.Embedding(len(ALPHABET) + 1, width)
        self.places = layers.Embedding(LENGTH, width)
        self.blocks = [Block(width, 4) for _ in range(depth)]
        self.vector = layers.Dense(32)

    def call(self, inputs):
        used = ops.not_equal(inputs, 0)
        x = self.letters(inputs) + self.places(ops.arange(LENGTH))
        for block in self.blocks:
            x = block(x, mask=used[:, None, :])
        weights = ops.cast(used, x.dtype)[..., None]
        return self.vector(ops.sum(x * weights, 1) / ops.sum(weights, 1))


def molecules():
    rng = np.random.default_rng(130)
    for _ in range(MOLECULES):
        codes = np.zeros(LENGTH, "int32")
        length = rng.integers(10, LENGTH)
        codes[:length] = rng.integers(1, len(ALPHABET) + 1, length)
        yield codes


def main():
    keras.utils.set_random_seed(131)
    encoder = Encoder()
    library = []
    for codes in molecules():
        vector = encoder(codes[None])
        library.append(np.asarray(vector)[0])
    library = np.stack(library)
    library /= np.linalg.norm(library, axis=1, keepdims=True)
    likeness = library @ library.T - 2 * np.eye(len(library))
    print("molecules", len(library), "nearest twins", round(float(likeness.max()), 3))
    print("mean", round(float(np.triu(likeness, 1).sum() / (len(library) * (len(library) - 1) / 2)), 3))


if __name__ == "__main__":
    main()

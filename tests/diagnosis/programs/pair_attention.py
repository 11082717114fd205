"""Embed antibody sequences with a small attention network and list the nearest pairs."""

import keras
import numpy as np
from keras import layers, ops

keras.utils.set_random_seed(29)
LENGTH, WIDTH, HEADS = 320, 128, 8


class ResidueAttention(layers.Layer):
    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.query = layers.Dense(WIDTH)
        self.key = layers.Dense(WIDTH)
        self.value = layers.Dense(WIDTH)
        self.out = layers.Dense(WIDTH)

    def heads(self, x):
        return ops.reshape(x, (-1, LENGTH, HEADS, WIDTH // HEADS))

    def call(self, x):
        query, key, value = (self.heads(p(x)) for p in (self.query, self.key, self.value))
        scores = ops.einsum("bqhd,bkhd->bqkh", query, key) / (WIDTH // HEADS) ** 0.5
        weights = ops.softmax(scores, axis=2)
        mixed = ops.einsum("bqkh,bkhd->bqhd", weights, value)
        return self.out(ops.reshape(mixed, (-1, LENGTH, WIDTH)))


def encoder(depth: int = 3) -> keras.Model:
    residues = keras.Input((LENGTH,), dtype="int32")
    x = layers.Embedding(25, WIDTH)(residues)
    for _ in range(depth):
        x = layers.LayerNormalization()(x + ResidueAttention()(x))
        x = layers.LayerNormalization()(x + layers.Dense(WIDTH, activation="relu")(x))
    return keras.Model(residues, layers.GlobalAveragePooling1D()(x))


class Library:
    def __init__(self, size: int) -> None:
        self.sequences = np.random.default_rng(6).integers(0, 25, (size, LENGTH))
        self.encoder = encoder()

    def embed(self) -> np.ndarray:
        parts = np.split(self.sequences, 16)
        return np.concatenate([self.encoder.predict_on_batch(part) for part in parts])


vectors = Library(192).embed()
vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
similar = vectors @ vectors.T - np.eye(len(vectors))
print("vectors", vectors.shape, "closest", round(float(similar.max()), 3))
print("mean similarity", round(float(similar.mean()), 3))

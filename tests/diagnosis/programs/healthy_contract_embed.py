"""Embed the clauses of a contract archive for semantic search."""

import argparse
import logging
import os
import time
from dataclasses import dataclass

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

log = logging.getLogger("embed")


@dataclass(frozen=True)
class Settings:
    vocab: int = 16000
    length: int = 128
    width: int = 384
    depth: int = 6
    heads: int = 6
    batch: int = 16


class InputEmbedding(layers.Layer):
    def __init__(self, settings, **kwargs):
        super().__init__(**kwargs)
        self.tokens = layers.Embedding(settings.vocab, settings.width)
        self.length = settings.length

    def build(self, input_shape):
        self.tokens.build(input_shape)
        self.positions = self.add_weight(
            name="positions", shape=(self.length, self.tokens.output_dim), initializer="random_normal"
        )

    def call(self, ids):
        return self.tokens(ids) + self.positions


def build_encoder(s):
    ids = keras.Input((s.length,), dtype="int32", name="ids")
    x = InputEmbedding(s)(ids)
    for _ in range(s.depth):
        attended = layers.MultiHeadAttention(s.heads, s.width // s.heads)(x, x)
        x = layers.LayerNormalization()(x + attended)
        hidden = layers.Dense(4 * s.width, activation="relu")(x)
        x = layers.LayerNormalization()(x + layers.Dense(s.width)(hidden))
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(ids, layers.UnitNormalization()(x), name="clause_encoder")


class ClauseEmbedder:
    """Runs the encoder on batches of one fixed shape."""

    def __init__(self, encoder, settings):
        self.settings = settings
        spec = tf.TensorSpec((settings.batch, settings.length), tf.int32)

        @tf.function(input_signature=[spec])
        def encode(ids):
            return encoder(ids, training=False)

        self._encode = encode

    def embed(self, chunks):
        s = self.settings
        out = np.empty((len(chunks), s.width), dtype="float32")
        for start in range(0, len(chunks), s.batch):
            rows = chunks[start : start + s.batch]
            missing = s.batch - len(rows)
            if missing:
                rows = np.pad(rows, ((0, missing), (0, 0)))
            vectors = self._encode(tf.constant(rows)).numpy()
            out[start : start + s.batch] = vectors[: s.batch - missing]
        return out


def archive(contracts, settings, seed=97):
    """Token ids of every contract, cut into full chunks; (chunks, contract numbers)."""
    rng = np.random.default_rng(seed)
    chunks, owner = [], []
    for number in range(contracts):
        n_tokens = int(rng.integers(4, 13)) * settings.length + int(rng.integers(0, 60))
        tokens = np.minimum(rng.zipf(1.2, size=n_tokens), settings.vocab - 1).astype("int32")
        whole = n_tokens // settings.length
        # the remainder is signatures and stamps
        pieces = tokens[: whole * settings.length].reshape(whole, settings.length)
        chunks.append(pieces)
        owner.extend([number] * whole)
    return np.concatenate(chunks), np.array(owner)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--contracts", type=int, default=48)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")

    settings = Settings()
    keras.utils.set_random_seed(97)
    chunks, owner = archive(args.contracts, settings)
    log.info("%d contracts, %d chunks", args.contracts, len(chunks))

    embedder = ClauseEmbedder(build_encoder(settings), settings)
    began = time.perf_counter()
    vectors = embedder.embed(chunks)
    took = time.perf_counter() - began
    log.info("%.1f s, %.1f chunks/s", took, len(chunks) / took)

    sums = np.zeros((args.contracts, settings.width), dtype="float32")
    np.add.at(sums, owner, vectors)
    sums /= np.linalg.norm(sums, axis=1, keepdims=True)
    similarity = sums @ sums.T
    np.fill_diagonal(similarity, -1.0)
    a, b = np.unravel_index(similarity.argmax(), similarity.shape)
    log.info("most alike: contracts %d and %d (%.3f)", a, b, similarity[a, b])


if __name__ == "__main__":
    main()

"""Encodes paper abstracts with a transformer and lists near neighbours."""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

VOCAB, MAX_LEN, DIM, HEADS, FF, BLOCKS = 8000, 128, 256, 4, 1024, 4


class LearnedPositions(layers.Layer):
    def __init__(self, max_len, **kwargs):
        super().__init__(**kwargs)
        self.max_len = max_len
        self.supports_masking = True

    def build(self, input_shape):
        self.table = self.add_weight(
            shape=(self.max_len, input_shape[-1]), initializer="glorot_uniform", name="table"
        )

    def call(self, x):
        return x + ops.convert_to_tensor(self.table)[: ops.shape(x)[1]]


def build_encoder():
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(VOCAB, DIM, mask_zero=True)(ids)
    x = LearnedPositions(MAX_LEN)(x)
    for _ in range(BLOCKS):
        a = layers.MultiHeadAttention(HEADS, DIM // HEADS)(x, x)
        x = layers.LayerNormalization()(layers.Add()([x, a]))
        h = layers.Dense(DIM)(layers.Dense(FF, activation="relu")(x))
        x = layers.LayerNormalization()(layers.Add()([x, h]))
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(ids, layers.UnitNormalization()(x))


def length_sorted_batches(docs, size):
    order = sorted(range(len(docs)), key=lambda i: len(docs[i]))
    for s in range(0, len(order), size):
        pick = order[s : s + size]
        ids = np.zeros((len(pick), len(docs[pick[-1]])), np.int32)
        for row, i in enumerate(pick):
            ids[row, : len(docs[i])] = docs[i]
        yield pick, ids


def encode(model, docs, size=32):
    forward = tf.function(
        lambda ids: model(ids, training=False),
        input_signature=[tf.TensorSpec([None, None], tf.int32)],
    )
    out = np.empty((len(docs), DIM), np.float32)
    for pick, ids in length_sorted_batches(docs, size):
        out[pick] = forward(ids).numpy()
    return out


def main():
    keras.utils.set_random_seed(4)
    rng = np.random.default_rng(4)
    docs = [rng.integers(1, VOCAB, n) for n in rng.integers(90, MAX_LEN + 1, 896)]
    model = build_encoder()
    start = time.perf_counter()
    vectors = encode(model, docs)
    took = time.perf_counter() - start
    sims = vectors @ vectors.T
    np.fill_diagonal(sims, -1.0)
    print(f"{len(docs)} abstracts in {took:.1f} s")
    for i in range(3):
        print(f"paper {i}: nearest {int(sims[i].argmax())} ({sims[i].max():.3f})")


if __name__ == "__main__":
    main()

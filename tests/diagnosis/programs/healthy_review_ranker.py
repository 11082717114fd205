"""Rerank candidate reviews for a list of shop queries with a small encoder."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"

import time

import keras
import numpy as np
from keras import layers, ops

VOCAB = 8000
LENGTH = 128
WIDTH = 256
DEPTH = 4
CANDIDATES = 32
QUERIES = 36


class TokenAndPosition(layers.Layer):
    def __init__(self, vocab, length, width, **kwargs):
        super().__init__(**kwargs)
        self.length = length
        self.tokens = layers.Embedding(vocab, width)
        self.places = layers.Embedding(length, width)

    def call(self, ids):
        return self.tokens(ids) + self.places(ops.arange(self.length))


def encoder_block(x):
    y = layers.LayerNormalization()(x)
    y = layers.MultiHeadAttention(num_heads=8, key_dim=WIDTH // 8)(y, y)
    x = layers.Add()([x, y])
    y = layers.LayerNormalization()(x)
    y = layers.Dense(4 * WIDTH, activation="relu")(y)
    y = layers.Dense(WIDTH)(y)
    return layers.Add()([x, y])


def build_ranker():
    ids = keras.Input((LENGTH,), dtype="int32")
    x = TokenAndPosition(VOCAB, LENGTH, WIDTH)(ids)
    for _ in range(DEPTH):
        x = encoder_block(x)
    x = layers.LayerNormalization()(x)
    x = layers.GlobalAveragePooling1D()(x)
    outputs = layers.Dense(1)(x)
    return keras.Model(ids, outputs, name="ranker")


class Tokenizer:
    def __init__(self):
        self.table = {f"w{i}": i for i in range(1, VOCAB)}

    def encode(self, query, review):
        words = query.split() + review.split()
        return [self.table.get(w, 0) for w in words[:LENGTH]]


def make_review(rng):
    words = rng.integers(1, VOCAB, int(rng.integers(LENGTH, 2 * LENGTH)))
    return " ".join(f"w{w}" for w in words.tolist())


def main():
    keras.utils.set_random_seed(53)
    rng = np.random.default_rng(53)
    reviews = [make_review(rng) for _ in range(400)]
    tokenizer = Tokenizer()
    ranker = build_ranker()

    started = time.perf_counter()
    for number in range(QUERIES):
        query = f"w{number + 1} w{2 * number + 5} w{3 * number + 9}"
        chosen = rng.choice(len(reviews), CANDIDATES, replace=False)
        batch = np.array([tokenizer.encode(query, reviews[i]) for i in chosen], dtype="int32")
        scores = ranker.predict_on_batch(batch)[:, 0]
        top = chosen[np.argsort(-scores)[:3]]
        if number % 6 == 0:
            print(f"query {number:2d}  top reviews {top.tolist()}")
    seconds = time.perf_counter() - started
    print(f"{QUERIES * CANDIDATES} pairs in {seconds:.1f} s")


if __name__ == "__main__":
    main()

"""Routes the support tickets of a shared mailbox to one of twelve teams."""

import os
import time
from collections import Counter

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

TEAMS = [
    "billing",
    "login",
    "shipping",
    "returns",
    "hardware",
    "network",
    "mobile",
    "legal",
    "sales",
    "partners",
    "press",
    "other",
]


def sample_tickets(rng, n):
    stems = [a + b + c for a in "bdfklmprst" for b in "aeiou" for c in ("n", "rk", "st", "l", "ne", "x")]
    tickets = []
    for length in rng.integers(8, 46, n):
        tickets.append(" ".join(rng.choice(stems, length)))
    return tickets


class TextFrontend:
    def __init__(self, corpus, settings):
        self.vectorize = layers.TextVectorization(
            max_tokens=settings["vocab"],
            standardize="lower_and_strip_punctuation",
            output_mode="int",
            output_sequence_length=settings["doc_len"],
        )
        self.vectorize.adapt(corpus)

    def __call__(self, texts):
        return self.vectorize(tf.constant(texts))


def encoder_block(x, dim, heads, ff):
    att = layers.MultiHeadAttention(heads, dim // heads)(x, x)
    x = layers.LayerNormalization()(layers.Add()([x, att]))
    h = layers.Dense(ff, activation="relu")(x)
    h = layers.Dense(dim)(h)
    return layers.LayerNormalization()(layers.Add()([x, h]))


def build_model(vocab, dim=96):
    ids = keras.Input((None,), dtype="int64")
    x = layers.Embedding(vocab, dim, mask_zero=True)(ids)
    x = encoder_block(x, dim, 4, 4 * dim)
    x = layers.GlobalAveragePooling1D()(x)
    out = layers.Dense(len(TEAMS), activation="softmax")(x)
    return keras.Model(ids, out)


class Router:
    def __init__(self, corpus):
        settings = {"vocab": 2000, "doc_len": 512}
        self.frontend = TextFrontend(corpus, settings)
        model = build_model(settings["vocab"])
        self.infer = tf.function(
            lambda ids: model(ids, training=False),
            input_signature=[tf.TensorSpec([None, None], tf.int64)],
        )

    def route(self, tickets):
        probs = self.infer(self.frontend(tickets)).numpy()
        best = probs.argmax(axis=1)
        return [(TEAMS[k], float(p[k])) for k, p in zip(best, probs)]


def main():
    keras.utils.set_random_seed(3)
    rng = np.random.default_rng(3)
    router = Router(sample_tickets(rng, 500))
    inbox = sample_tickets(rng, 32 * 24)
    counts = Counter()
    start = time.perf_counter()
    for i in range(0, len(inbox), 32):
        for team, _ in router.route(inbox[i : i + 32]):
            counts[team] += 1
    took = time.perf_counter() - start
    print(f"{len(inbox)} tickets in {took:.1f} s", counts.most_common(3))


if __name__ == "__main__":
    main()

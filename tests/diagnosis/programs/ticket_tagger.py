#!/usr/bin/env python3
"""Tag yesterday's IT support tickets with a category for the dashboard."""

import collections
import os
import random
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers, ops

MAX_LEN = 384  # as in training
WIDTH = 128
HEADS = 4
DEPTH = 2
CATEGORIES = ["access", "email", "hardware", "licence", "network", "phone", "printer", "vpn"]

STEMS = (
    "printer outlook vpn laptop password wifi screen mouse server account teams phone "
    "license update driver monitor network mailbox token badge docking headset"
).split()
GLUE = (
    "the my is not again since since monday please cannot still after and with on error "
    "urgent working help reset new old slow broken missing"
).split()


def fetch_tickets(count, seed=61):
    """Most people write two lines; a handful paste a whole log."""
    rnd = random.Random(seed)
    tickets = []
    for _ in range(count):
        size = int(min(600, max(4, rnd.lognormvariate(3.0, 0.6))))
        if rnd.random() < 0.005:
            size = rnd.randint(250, 600)
        tickets.append(
            " ".join(rnd.choice(STEMS) if rnd.random() < 0.35 else rnd.choice(GLUE) for _ in range(size))
        )
    return tickets


class Vocabulary:
    def __init__(self, words):
        self.index = {w: i + 2 for i, w in enumerate(sorted(set(words)))}

    def __len__(self):
        return len(self.index) + 2

    def encode(self, text):
        return [self.index.get(w, 1) for w in text.split()]


class WordsInOrder(layers.Layer):
    """Word embedding plus position embedding."""

    def __init__(self, vocab_size, **kwargs):
        super().__init__(**kwargs)
        self.word = layers.Embedding(vocab_size, WIDTH)
        self.position = layers.Embedding(MAX_LEN, WIDTH)

    def call(self, ids):
        return self.word(ids) + self.position(ops.arange(ops.shape(ids)[1]))


def build_tagger(vocab_size):
    ids = keras.Input((None,), dtype="int32")
    present = ops.not_equal(ids, 0)
    x = WordsInOrder(vocab_size)(ids)
    for _ in range(DEPTH):
        a = layers.MultiHeadAttention(HEADS, WIDTH // HEADS)(x, x, attention_mask=ops.expand_dims(present, 1))
        x = layers.LayerNormalization()(x + a)
        h = layers.Dense(4 * WIDTH, activation="relu")(x)
        h = layers.Dense(WIDTH)(h)
        x = layers.LayerNormalization()(x + h)
    weight = ops.expand_dims(ops.cast(present, "float32"), -1)
    mean = ops.sum(x * weight, axis=1) / ops.sum(weight, axis=1)
    return keras.Model(ids, layers.Dense(len(CATEGORIES), activation="softmax")(mean))


def prepare(tickets, vocabulary):
    sequences = [vocabulary.encode(t) for t in tickets]
    return keras.utils.pad_sequences(sequences, maxlen=MAX_LEN, padding="post", truncating="post")


def main():
    keras.utils.set_random_seed(61)
    tickets = fetch_tickets(1344)
    vocabulary = Vocabulary(STEMS + GLUE)
    tagger = build_tagger(len(vocabulary))

    t0 = time.perf_counter()
    x = prepare(tickets, vocabulary)
    t1 = time.perf_counter()
    probabilities = tagger.predict(x, batch_size=32, verbose=0)
    t2 = time.perf_counter()

    winners = probabilities.argmax(axis=1)
    table = collections.Counter(CATEGORIES[k] for k in winners)
    unsure = int((probabilities.max(axis=1) < 0.3).sum())
    for name, n in table.most_common():
        print(f"{name:10s} {n:5d}")
    words = [len(t.split()) for t in tickets]
    print(f"{len(tickets)} tickets, {np.mean(words):.0f} words on average, {unsure} unsure")
    print(f"prepare {t1 - t0:.2f} s, predict {t2 - t1:.2f} s")


if __name__ == "__main__":
    main()

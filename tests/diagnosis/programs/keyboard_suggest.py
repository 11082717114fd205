"""Next-word suggestions for the mobile keyboard, offline evaluation run.

Loads the contexts typed so far, asks the language model for the three most
likely next words and counts how often the typed word was among them.
"""

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from tensorflow import keras

layers = keras.layers

VOCAB = 30000
CONTEXT = 64
START = 0


class PositionTable(layers.Layer):
    """Adds a learned position vector to every token vector."""

    def build(self, input_shape):
        self.table = self.add_weight(
            shape=(input_shape[1], input_shape[2]), initializer="random_normal", name="table"
        )

    def call(self, x):
        return x + self.table


def transformer_layer(x, width, heads):
    normed = layers.LayerNormalization()(x)
    x = x + layers.MultiHeadAttention(heads, width // heads)(normed, normed, use_causal_mask=True)
    normed = layers.LayerNormalization()(x)
    hidden = layers.Dense(4 * width, activation="relu")(normed)
    return x + layers.Dense(width)(hidden)


def language_model(width=192, depth=2, heads=4):
    tokens = keras.Input((CONTEXT,), dtype="int32")
    x = layers.Embedding(VOCAB, width)(tokens)
    x = PositionTable()(x)
    for _ in range(depth):
        x = transformer_layer(x, width, heads)
    x = layers.LayerNormalization(name="final_norm")(x)
    probabilities = layers.Dense(VOCAB, activation="softmax", name="next_word")(x)
    return keras.Model(tokens, probabilities)


class SuggestionEngine:
    def __init__(self, model, batch_size):
        self.model = model
        self.batch_size = batch_size

    def suggest(self, contexts, k=3):
        """Ids of the k best next words for each row of token ids."""
        best = np.empty((len(contexts), k), dtype=np.int64)
        for i in range(0, len(contexts), self.batch_size):
            chunk = contexts[i : i + self.batch_size]
            probs = self.model.predict_on_batch(chunk)[:, -1]
            top = np.argpartition(-probs, k, axis=-1)[:, :k]
            order = np.argsort(-np.take_along_axis(probs, top, axis=-1), axis=-1)
            best[i : i + len(chunk)] = np.take_along_axis(top, order, axis=-1)
        return best


def typed_contexts(count, seed=3):
    """Zipf-like word ids, left-filled with the start symbol."""
    rng = np.random.default_rng(seed)
    words = np.minimum(rng.zipf(1.3, size=(count, CONTEXT + 1)), VOCAB - 1).astype("int32")
    missing = rng.integers(0, CONTEXT // 2, size=count)
    contexts = words[:, :-1].copy()
    contexts[np.arange(CONTEXT)[None, :] < missing[:, None]] = START
    return contexts, words[:, -1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--contexts", type=int, default=768)
    parser.add_argument("--batch-size", type=int, default=16)
    args = parser.parse_args()

    keras.utils.set_random_seed(3)
    engine = SuggestionEngine(language_model(), args.batch_size)
    contexts, typed = typed_contexts(args.contexts)

    began = time.perf_counter()
    suggestions = engine.suggest(contexts)
    took = time.perf_counter() - began

    hits = (suggestions == typed[:, None]).any(axis=1).mean()
    print(
        f"{len(contexts)} contexts in {took:.1f} s "
        f"({1000 * took / len(contexts):.1f} ms each), hit rate {100 * hits:.2f} %"
    )


if __name__ == "__main__":
    main()

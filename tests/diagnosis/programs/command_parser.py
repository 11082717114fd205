"""Understand spoken commands: each sentence has as many tokens as it has."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(79)
TOKENS, WIDTH = 400, 48


def intent_network() -> keras.Model:
    tokens = keras.Input((None,), dtype="int32")
    x = layers.Embedding(TOKENS, WIDTH)(tokens)
    for _ in range(2):
        attended = layers.MultiHeadAttention(4, WIDTH // 4)(x, x)
        x = layers.LayerNormalization()(x + attended)
        x = layers.LayerNormalization()(x + layers.Dense(WIDTH, activation="relu")(x))
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(tokens, layers.Dense(12, activation="softmax")(x))


class Assistant:
    def __init__(self) -> None:
        self.network = intent_network()
        self.think = tf.function(self.network)

    def understand(self, sentence: list[int]) -> np.ndarray:
        tokens = tf.constant([sentence], dtype=tf.int32)
        intents = self.think(tokens)
        return intents[0].numpy()


def sentences(count: int) -> list[list[int]]:
    random = np.random.default_rng(22)
    return [random.integers(1, TOKENS, int(length)).tolist() for length in random.integers(3, 40, count)]


def main() -> None:
    assistant = Assistant()
    intents = np.stack([assistant.understand(sentence) for sentence in sentences(60)])
    print("sentences", len(intents), "intents", np.round(intents.sum(axis=0), 1)[:6])


main()

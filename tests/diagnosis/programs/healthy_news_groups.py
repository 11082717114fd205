"""Read news once into numbers, then let a recurrent network sort all of them in one call."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(209)
WORDS = [f"word{n}" for n in range(800)]


def news(count: int) -> list[str]:
    picks = np.random.default_rng(9).integers(0, len(WORDS), (count, 60))
    return [" ".join(WORDS[n] for n in row) for row in picks]


def sorter(words: int) -> keras.Model:
    numbers = keras.Input((60,), dtype="int64")
    x = layers.Embedding(words, 64)(numbers)
    x = layers.Bidirectional(layers.GRU(96, return_sequences=True))(x)
    x = layers.GRU(96)(x)
    return keras.Model(numbers, layers.Dense(8, activation="softmax")(x))


def main() -> None:
    texts = news(1500)
    reader = layers.TextVectorization(output_sequence_length=60)
    reader.adapt(texts[:400])
    numbers = reader(tf.constant(texts)).numpy()
    groups = sorter(reader.vocabulary_size()).predict(numbers, batch_size=128, verbose=0)
    print("news", len(groups), "groups", np.round(groups.sum(axis=0), 1)[:4])


main()

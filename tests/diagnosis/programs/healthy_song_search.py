"""Search songs by their words: all lines become vectors in one go, a product of matrices finds them."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

SONGS = 6000
WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("n", "r", "st", "le")]


def songs():
    rng = np.random.default_rng(360)
    return [" ".join(words) for words in rng.choice(WORDS, (SONGS, 60))]


def main():
    keras.utils.set_random_seed(361)
    numbers = layers.TextVectorization(max_tokens=400, output_sequence_length=60)
    numbers.adapt(tf.constant(WORDS))
    words = keras.Input((60,), dtype="int64")
    x = layers.Embedding(400, 64)(words)
    x = layers.Bidirectional(layers.LSTM(64))(x)
    model = keras.Model(words, layers.UnitNormalization()(x))
    texts = songs()
    vectors = model.predict(np.asarray(numbers(tf.constant(texts))), batch_size=256, verbose=0)
    queries = vectors[::100]
    nearest = np.argsort(-(queries @ vectors.T), axis=1)[:, 1]
    print("songs", vectors.shape, "nearest", nearest[:4].tolist())


if __name__ == "__main__":
    main()

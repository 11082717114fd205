"""Invent names for planets: the decoding, letter after letter, is one graph for many names at once."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

LETTERS = "abcdefghijklmnopqrstuvwxyz."
LENGTH = 40
SYSTEMS = 25
PLANETS = 256


class Writer(tf.Module):
    def __init__(self):
        super().__init__()
        keras.utils.set_random_seed(310)
        self.letters = layers.Embedding(len(LETTERS), 32)
        self.cell = layers.GRUCell(160)
        self.scores = layers.Dense(len(LETTERS))
        self.letters.build(None)
        self.cell.build((None, 32))
        self.scores.build((None, 160))

    @tf.function(input_signature=[tf.TensorSpec((None, 160), tf.float32)])
    def write(self, star):
        letter = tf.zeros((tf.shape(star)[0],), tf.int32)
        written = tf.TensorArray(tf.int32, LENGTH)
        for place in tf.range(LENGTH):
            output, _ = self.cell(self.letters(letter), star)
            letter = tf.argmax(self.scores(output), -1, output_type=tf.int32)
            written = written.write(place, letter)
            star = output
        return tf.transpose(written.stack())


def main():
    writer = Writer()
    rng = np.random.default_rng(311)
    names = []
    for _ in range(SYSTEMS):
        star = tf.constant(rng.normal(0, 1, (PLANETS, 160)).astype("float32"))
        codes = writer.write(star).numpy()
        names += ["".join(LETTERS[code] for code in row) for row in codes]
    print("names", len(names), "different", len(set(names)), "letters", len(set("".join(names))))


if __name__ == "__main__":
    main()

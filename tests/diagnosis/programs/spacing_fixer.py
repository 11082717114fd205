"""Put the spaces back into run-together text. The model class offers predict() for a list of lines."""

import keras
import numpy as np
from keras import layers

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LENGTH = 64


class Spacer(keras.Model):
    """A space after each letter for which the net says so."""

    def __init__(self):
        super().__init__()
        self.letters = layers.Embedding(len(LETTERS) + 1, 24)
        self.near = layers.Conv1D(48, 5, padding="same", activation="relu")
        self.order = layers.Bidirectional(layers.GRU(16, return_sequences=True))
        self.space = layers.Dense(1)

    def call(self, inputs):
        return self.space(self.order(self.near(self.letters(inputs))))[..., 0]

    def encode(self, line):
        codes = [LETTERS.index(letter) + 1 for letter in line[:LENGTH]]
        return np.pad(np.array(codes, "int32"), (0, LENGTH - len(codes)))

    def predict(self, lines):
        spaced = []
        for line in lines:
            logits = super().predict(self.encode(line)[None], verbose=0)[0]
            marks = [" " if value > 0 else "" for value in logits[: len(line)]]
            spaced.append("".join(letter + mark for letter, mark in zip(line, marks)))
        return spaced


def lines(count):
    rng = np.random.default_rng(120)
    return ["".join(rng.choice(list(LETTERS), rng.integers(20, LENGTH))) for _ in range(count)]


def main():
    keras.utils.set_random_seed(121)
    spaced = Spacer().predict(lines(64))
    print("lines", len(spaced), "spaces", sum(line.count(" ") for line in spaced))
    print(spaced[0])


if __name__ == "__main__":
    main()

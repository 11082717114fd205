"""Route support tickets to a team: the words become numbers in the text layer, a GRU names the team."""

import keras
import numpy as np
import tensorflow as tf

WORDS = [
    f"{a}{b}"
    for a in ("log", "pay", "ship", "pass", "scr", "net", "ord")
    for b in ("in", "ment", "ing", "word", "een")
]
TEAMS = ("accounts", "billing", "delivery", "devices")
TICKETS = 3500


def tickets():
    rng = np.random.default_rng(14)
    return [" ".join(rng.choice(WORDS, rng.integers(4, 30))) + "!" for _ in range(TICKETS)]


class Router:
    def __init__(self):
        keras.utils.set_random_seed(6)
        self.words = keras.layers.TextVectorization(max_tokens=200, output_sequence_length=32)
        self.words.adapt(tf.constant(WORDS))
        self.classes = keras.Sequential(
            [
                keras.Input((32,), dtype="int64"),
                keras.layers.Embedding(200, 16),
                keras.layers.GRU(16),
                keras.layers.Dense(len(TEAMS), activation="softmax"),
            ]
        )

    def numbers(self, texts):
        return np.asarray(self.words(texts))

    def route(self, texts):
        return self.classes.predict(self.numbers(texts), batch_size=256, verbose=0).argmax(1)


if __name__ == "__main__":
    teams = Router().route(tickets())
    for number, name in enumerate(TEAMS):
        print(name, int((teams == number).sum()))

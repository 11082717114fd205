"""Listen to a microphone for a doorbell. The sound card delivers a block every few hundredths of a second."""

import time

import keras
import numpy as np
from keras import layers

BLOCKS = 220
SAMPLES = 160


class SoundCard:
    def __init__(self):
        self.rng = np.random.default_rng(370)
        self.next = time.monotonic()

    def block(self):
        self.next += 0.03
        time.sleep(max(0.0, self.next - time.monotonic()))
        return self.rng.normal(0, 1, (1, 1, SAMPLES)).astype("float32")


def build():
    keras.utils.set_random_seed(371)
    block = keras.Input(batch_shape=(1, 1, SAMPLES))
    x = layers.GRU(24, stateful=True)(block)
    return keras.Model(block, layers.Dense(1, activation="sigmoid")(x))


def listen(model, card):
    return [float(model.predict_on_batch(card.block())[0, 0]) for _ in range(BLOCKS)]


if __name__ == "__main__":
    rings = listen(build(), SoundCard())
    print("blocks", len(rings), "highest", round(max(rings), 3), "last", round(rings[-1], 3))

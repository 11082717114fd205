"""Recognise people at turnstiles: sixteen gates ask at once, one net answers."""

import threading
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
from keras import layers

GATES = 16
PASSAGES = 64


class Recogniser:
    def __init__(self):
        keras.utils.set_random_seed(80)
        face = keras.Input((40, 40, 1))
        x = layers.Conv2D(16, 3, activation="relu")(face)
        x = layers.MaxPooling2D()(x)
        x = layers.Conv2D(32, 3, activation="relu")(x)
        x = layers.Flatten()(x)
        vector = layers.UnitNormalization()(layers.Dense(32)(x))
        self.net = keras.Model(face, vector)
        self.lock = threading.Lock()
        self.known = np.random.default_rng(81).normal(0, 1, (50, 32)).astype("float32")

    def embed(self, faces):
        with self.lock:
            return self.net.predict(faces, verbose=0)

    def who(self, face):
        return int((self.known @ self.embed(face[None])[0]).argmax())


def serve(recogniser, faces):
    with ThreadPoolExecutor(GATES) as gates:
        return list(gates.map(recogniser.who, faces))


def main():
    faces = np.random.default_rng(82).random((PASSAGES, 40, 40, 1), "float32")
    people = serve(Recogniser(), faces)
    print("passages", len(people), "people", sorted(set(people)))
    print("sum", sum(people))


if __name__ == "__main__":
    main()

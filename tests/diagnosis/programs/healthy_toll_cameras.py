"""Toll cameras put plates in a queue; a worker takes 64 together and reads them at once."""

import queue
import threading

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(212)


def plate_reader() -> keras.Model:
    plate = keras.Input((32, 96, 1))
    x = plate
    for filters in (32, 64, 64):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Reshape((12, 4 * 64))(layers.Permute((2, 1, 3))(x))
    return keras.Model(plate, layers.Dense(37, activation="softmax")(x))


class Reader(threading.Thread):
    def __init__(self, model: keras.Model, plates: queue.Queue) -> None:
        super().__init__()
        self.model = model
        self.plates = plates
        self.read: list[np.ndarray] = []

    def run(self) -> None:
        waiting = []
        while (plate := self.plates.get()) is not None:
            waiting.append(plate)
            if len(waiting) == 64:
                self.read.append(self.model.predict_on_batch(np.stack(waiting)))
                waiting = []


def main() -> None:
    plates: queue.Queue = queue.Queue()
    reader = Reader(plate_reader(), plates)
    reader.start()
    for plate in np.random.default_rng(12).random((64 * 40, 32, 96, 1), dtype="float32"):
        plates.put(plate)
    plates.put(None)
    reader.join()
    letters = np.concatenate(reader.read)
    print("plates", len(letters), "mean", round(float(letters.max(axis=-1).mean()), 3))


if __name__ == "__main__":
    main()

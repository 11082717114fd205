"""A loan desk: clerks put applications in a queue, a worker thread answers them."""

import queue
import tempfile
import threading
from pathlib import Path

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(83)


def publish(folder: Path) -> Path:
    """What the modelling team hands over."""
    numbers = keras.Input((10,), name="numbers")
    branch = keras.Input((1,), dtype="int32", name="branch")
    where = layers.Flatten()(layers.Embedding(50, 8)(branch))
    x = layers.Concatenate()([numbers, where])
    for _ in range(12):
        x = layers.Dense(64, activation="relu")(x)
        x = layers.BatchNormalization()(x)
    model = keras.Model([numbers, branch], layers.Dense(1, activation="sigmoid")(x))
    model.compile("adam", "binary_crossentropy")
    path = folder / "loans.keras"
    model.save(path)
    return path


class Desk(threading.Thread):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.model = keras.models.load_model(path)
        self.applications: queue.Queue = queue.Queue()
        self.answers: list[float] = []

    def answer(self, application: list[np.ndarray]) -> float:
        return float(self.model.predict_on_batch(application)[0, 0])

    def run(self) -> None:
        while (application := self.applications.get()) is not None:
            self.answers.append(self.answer(application))


def main() -> None:
    random = np.random.default_rng(24)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(publish(Path(folder)))
        desk.start()
        for _ in range(12):
            numbers = random.normal(size=(1, 10)).astype("float32")
            desk.applications.put([numbers, random.integers(0, 50, (1, 1))])
        desk.applications.put(None)
        desk.join()
    print("answers", len(desk.answers), "mean", round(float(np.mean(desk.answers)), 4))


if __name__ == "__main__":
    main()

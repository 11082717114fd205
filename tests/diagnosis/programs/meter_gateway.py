"""Score smart-meter readings from several substations through one shared model."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"

import queue
import threading
import time
from concurrent.futures import Future

import keras
import numpy as np
from keras import layers

FEATURES = 24
SUBSTATIONS = 6
READINGS = 70


def build_model():
    inputs = keras.Input((FEATURES,))
    x = layers.Dense(64, activation="relu")(inputs)
    x = layers.Dense(64, activation="relu")(x)
    outputs = layers.Dense(1, activation="sigmoid")(x)
    return keras.Model(inputs, outputs, name="tamper")


class Scorer:
    def __init__(self, model, max_batch=32, max_wait=0.2):
        self.model = model
        self.max_batch = max_batch
        self.max_wait = max_wait
        self.batches = 0
        self.inbox = queue.Queue()
        self.worker = threading.Thread(target=self._run, daemon=True)
        self.worker.start()

    def score(self, row):
        answer = Future()
        self.inbox.put((row, answer))
        return answer.result()

    def close(self):
        self.inbox.put(None)
        self.worker.join()

    def _gather(self):
        first = self.inbox.get()
        if first is None:
            return None
        batch = [first]
        deadline = time.monotonic() + self.max_wait
        while len(batch) < self.max_batch:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                break
            try:
                item = self.inbox.get(timeout=remaining)
            except queue.Empty:
                break
            if item is None:
                self.inbox.put(None)
                break
            batch.append(item)
        return batch

    def _run(self):
        while True:
            batch = self._gather()
            if batch is None:
                return
            try:
                rows = np.stack([row for row, _ in batch])
                scores = self.model.predict_on_batch(rows)
            except Exception as error:
                for _, answer in batch:
                    answer.set_exception(error)
                continue
            self.batches += 1
            for (_, answer), score in zip(batch, scores):
                answer.set_result(float(score[0]))


def features(load):
    day = np.asarray(load, dtype="float32")
    return (day - day.mean()) / (day.std() + 1e-6)


def substation(number, scorer, alarms):
    rng = np.random.default_rng(100 + number)
    base = 2.0 + np.sin(np.arange(FEATURES) / FEATURES * 2 * np.pi)
    for reading in range(READINGS):
        load = base * rng.uniform(0.5, 1.5) + rng.normal(0, 0.2, FEATURES)
        score = scorer.score(features(load))
        if score > 0.6:
            alarms.append((number, reading, score))


def main():
    keras.utils.set_random_seed(3)
    model = build_model()
    for size in (1, SUBSTATIONS):
        model.predict_on_batch(np.zeros((size, FEATURES), "float32"))

    scorer = Scorer(model)
    alarms = []
    started = time.perf_counter()
    clients = [threading.Thread(target=substation, args=(n, scorer, alarms)) for n in range(SUBSTATIONS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    scorer.close()
    seconds = time.perf_counter() - started
    total = SUBSTATIONS * READINGS
    print(f"{total} readings, {scorer.batches} batches, {len(alarms)} alarms")
    print(f"{seconds:.1f} s, {total / seconds:.0f} readings per second")


if __name__ == "__main__":
    main()

"""Core of the badge photo service: gates submit photos, a worker batches them."""

import queue
import threading
import time
from concurrent.futures import Future

import keras
import numpy as np
import tensorflow as tf
from keras import layers

PHOTO = (64, 64, 3)


def build_model():
    model = keras.Sequential([keras.Input(PHOTO)])
    for filters in (32, 64, 128):
        model.add(layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu"))
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(300, activation="softmax"))
    return model


class BatchWorker(threading.Thread):
    def __init__(self, model, capacity=32, linger=0.09):
        super().__init__(daemon=True)
        self.inbox = queue.Queue()
        self.capacity, self.linger = capacity, linger
        self.sizes = []
        self.forward = tf.function(
            lambda x: model(x, training=False), input_signature=[tf.TensorSpec((None, *PHOTO), tf.float32)]
        )

    def submit(self, photo):
        reply = Future()
        self.inbox.put((photo, reply))
        return reply

    def collect(self):
        jobs = [self.inbox.get()]
        until = time.monotonic() + self.linger
        while len(jobs) < self.capacity and jobs[-1] is not None:
            left = until - time.monotonic()
            if left <= 0:
                break
            try:
                jobs.append(self.inbox.get(timeout=left))
            except queue.Empty:
                break
        return jobs

    def run(self):
        while True:
            jobs = self.collect()
            stop = jobs[-1] is None
            jobs = [j for j in jobs if j is not None]
            if jobs:
                probs = self.forward(np.stack([photo for photo, _ in jobs])).numpy()
                self.sizes.append(len(jobs))
                for (_, reply), row in zip(jobs, probs):
                    reply.set_result(int(row.argmax()))
            if stop:
                return


def gate(number, worker, visitors, log):
    rng = np.random.default_rng(number)
    photos = rng.random((16, *PHOTO), dtype=np.float32)
    for i in range(visitors):
        badge = worker.submit(photos[i % 16]).result()
        log.append((number, i, badge))


def main():
    worker = BatchWorker(build_model())
    worker.start()
    log = []
    gates = [threading.Thread(target=gate, args=(g, worker, 130, log)) for g in range(6)]
    start = time.perf_counter()
    for g in gates:
        g.start()
    for g in gates:
        g.join()
    took = time.perf_counter() - start
    worker.inbox.put(None)
    worker.join()
    print(f"{len(log)} visitors, {took:.1f} s, mean batch {np.mean(worker.sizes):.1f}")


if __name__ == "__main__":
    main()

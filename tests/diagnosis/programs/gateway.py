"""Activity recognition gateway: wearables stream windows, one model answers them all."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import tensorflow as tf
from keras import layers

DEVICES = 6
WINDOWS_PER_DEVICE = 160
LABELS = ["sit", "stand", "walk", "run", "stairs"]


def build_model():
    return keras.Sequential(
        [
            keras.Input((128, 6)),
            layers.Conv1D(32, 5, activation="relu"),
            layers.MaxPooling1D(2),
            layers.Conv1D(64, 5, activation="relu"),
            layers.GlobalAveragePooling1D(),
            layers.Dense(len(LABELS), activation="softmax"),
        ]
    )


class BatchingPredictor:
    def __init__(self, model, max_batch=32, max_wait=0.1):
        self.max_batch = max_batch
        self.max_wait = max_wait
        self.queue = asyncio.Queue()
        self.pool = ThreadPoolExecutor(1)
        self.fn = tf.function(
            lambda x: model(x, training=False), input_signature=[tf.TensorSpec((None, 128, 6), tf.float32)]
        )
        self.fn(tf.zeros((1, 128, 6)))
        self.batches = 0

    async def predict(self, window):
        future = asyncio.get_running_loop().create_future()
        await self.queue.put((window, future))
        return await future

    async def run(self):
        loop = asyncio.get_running_loop()
        while True:
            items = [await self.queue.get()]
            deadline = loop.time() + self.max_wait
            while len(items) < self.max_batch:
                try:
                    items.append(await asyncio.wait_for(self.queue.get(), deadline - loop.time()))
                except asyncio.TimeoutError:
                    break
            x = np.stack([window for window, _ in items])
            probs = await loop.run_in_executor(self.pool, lambda x=x: self.fn(x).numpy())
            self.batches += 1
            for (_, future), p in zip(items, probs):
                future.set_result(p)


class Wearable:
    def __init__(self, ident):
        self.rng = np.random.default_rng(ident)
        self.history = []

    def read_window(self):
        raw = self.rng.standard_normal((128, 6)).cumsum(axis=0)
        spectrum = np.abs(np.fft.rfft(raw, axis=0))[:10].sum()
        return (raw / (1.0 + 0.01 * spectrum)).astype("float32")

    async def stream(self, predictor):
        for _ in range(WINDOWS_PER_DEVICE):
            probs = await predictor.predict(self.read_window())
            self.history.append(LABELS[int(probs.argmax())])


async def main():
    keras.utils.set_random_seed(2)
    predictor = BatchingPredictor(build_model())
    worker = asyncio.create_task(predictor.run())
    wearables = [Wearable(i) for i in range(DEVICES)]
    t0 = time.perf_counter()
    await asyncio.gather(*(w.stream(predictor) for w in wearables))
    worker.cancel()
    rate = DEVICES * WINDOWS_PER_DEVICE / (time.perf_counter() - t0)
    print(f"{predictor.batches} batches, {rate:.0f} windows/s")
    print([max(set(w.history), key=w.history.count) for w in wearables])


if __name__ == "__main__":
    asyncio.run(main())

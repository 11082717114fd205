"""Re-ranking step of the shop search: scores the candidates of one query for one user."""

import gc
import json
import logging
import random
import time
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from keras import layers

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
log = logging.getLogger("rerank")

N_PRODUCTS, FEATURES = 300_000, 24
TAGS = ["new", "sale", "eco", "bulky", "fragile", "gift", "b2b", "outlet"]


@dataclass(slots=True)
class Product:
    sku: int
    title: str
    tags: list
    price_history: list


def load_catalogue(n):
    rng = random.Random(13)
    return {
        sku: Product(sku, f"Article {sku}", rng.sample(TAGS, 2), [rng.random() * 90, rng.random() * 90])
        for sku in range(n)
    }


def build_scorer():
    user = layers.Input((16,), name="user")
    item = layers.Input((FEATURES,), name="item")
    x = layers.Concatenate()([user, item])
    for units in (256, 128):
        x = layers.Dense(units, activation="relu")(x)
    return keras.Model([user, item], layers.Dense(1)(x))


class RerankService:
    def __init__(self):
        self.catalogue = load_catalogue(N_PRODUCTS)
        self.features = np.random.default_rng(1).normal(size=(N_PRODUCTS, FEATURES)).astype("float32")
        self.model = build_scorer()
        self.score = tf.function(
            lambda user, item: self.model([user, item], training=False)[:, 0],
            input_signature=[
                tf.TensorSpec([None, 16], tf.float32),
                tf.TensorSpec([None, FEATURES], tf.float32),
            ],
        )

    def handle(self, body):
        request = json.loads(body)
        skus = np.asarray(request["candidates"])
        user = np.repeat(np.asarray([request["user"]], "float32"), len(skus), axis=0)
        scores = self.score(tf.constant(user), tf.constant(self.features[skus])).numpy()
        best = np.argsort(-scores)[: request["top"]]
        hits = [self._render(int(skus[i]), float(scores[i])) for i in best]
        self._free_memory()
        return json.dumps({"query": request["query"], "hits": hits})

    def _render(self, sku, score):
        product = self.catalogue[sku]
        return {
            "sku": sku,
            "title": product.title,
            "tags": product.tags,
            "price": round(product.price_history[-1], 2),
            "score": round(score, 4),
        }

    @staticmethod
    def _free_memory():
        # the container used to run out of memory after some hours (OPS-2214)
        keras.backend.clear_session()
        gc.collect()


def traffic(n, seed=3):
    rng = np.random.default_rng(seed)
    for i in range(n):
        yield json.dumps(
            {
                "query": f"q{i}",
                "top": 10,
                "user": rng.normal(size=16).round(3).tolist(),
                "candidates": rng.integers(0, N_PRODUCTS, 500).tolist(),
            }
        )


if __name__ == "__main__":
    service = RerankService()
    log.info("catalogue with %d products loaded", len(service.catalogue))
    times, size = [], 0
    for body in traffic(25):
        t0 = time.perf_counter()
        size += len(service.handle(body))
        times.append(time.perf_counter() - t0)
    print(f"{len(times)} requests, {size} bytes, median {1000 * np.median(times):.0f} ms")

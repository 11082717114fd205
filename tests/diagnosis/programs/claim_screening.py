"""Screens incoming insurance claims against the policy book held in memory."""

import gc
import logging
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

log = logging.getLogger("claims")
N_REGIONS, MONTHS = 16, 12
WIDTH = N_REGIONS + MONTHS + 4


def load_policy_book(rng, n):
    payments = rng.gamma(3.0, 20.0, (n, MONTHS)).tolist()
    earlier = rng.integers(0, 4, (n, 3)).tolist()
    regions = rng.integers(0, N_REGIONS, n).tolist()
    book = {}
    for i in range(n):
        book[f"P{i:07d}"] = {
            "region": regions[i],
            "payments": payments[i],
            "claims": earlier[i],
            "active": i % 9 != 0,
        }
    return book


def build_model():
    return keras.Sequential(
        [
            keras.Input((WIDTH,)),
            layers.Dense(256, activation="relu"),
            layers.Dense(256, activation="relu"),
            layers.Dense(64, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


class ClaimScreener:
    def __init__(self, book, model, threshold=0.5):
        self.book = book
        self.threshold = threshold
        self.handled = self.flagged = 0
        self.score = tf.function(
            lambda x: model(x, training=False), input_signature=[tf.TensorSpec([None, WIDTH], tf.float32)]
        )

    def features(self, claim):
        policy = self.book[claim["policy"]]
        row = np.zeros(WIDTH, np.float32)
        row[policy["region"]] = 1.0
        row[N_REGIONS : N_REGIONS + MONTHS] = np.log1p(policy["payments"])
        row[-4] = np.log1p(claim["amount"])
        row[-3] = sum(policy["claims"])
        row[-2] = claim["days_open"] / 30.0
        row[-1] = float(policy["active"])
        return row

    def handle(self, claims):
        try:
            rows = np.stack([self.features(c) for c in claims])
            risk = self.score(rows).numpy()[:, 0]
            self.handled += len(claims)
            self.flagged += int((risk > self.threshold).sum())
            return risk
        finally:
            log.debug("handled %d claims", self.handled)
            gc.collect()


def incoming(rng, n_policies, size):
    return [
        {"policy": f"P{int(p):07d}", "amount": float(a), "days_open": int(d)}
        for p, a, d in zip(
            rng.integers(0, n_policies, size), rng.gamma(2.0, 900.0, size), rng.integers(0, 90, size)
        )
    ]


def main():
    rng = np.random.default_rng(13)
    n_policies = 300_000
    screener = ClaimScreener(load_policy_book(rng, n_policies), build_model())
    start = time.perf_counter()
    for _ in range(140):
        screener.handle(incoming(rng, n_policies, 20))
    took = time.perf_counter() - start
    print(f"{screener.handled} claims in {took:.1f} s, {screener.flagged} flagged")


if __name__ == "__main__":
    main()

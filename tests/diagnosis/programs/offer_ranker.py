"""Ranks the current coupon offers for each shopper who opens the app."""

import os
import sqlite3
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

N_CATEGORIES = 24
OFFER_DIM = 32


class FeatureStore:
    def __init__(self, path):
        self.db = sqlite3.connect(path)

    def load(self, rng, n_users, n_rows):
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS purchases ("
            "user_id INTEGER, category INTEGER, amount REAL, days_ago INTEGER)"
        )
        rows = zip(
            rng.integers(0, n_users, n_rows).tolist(),
            rng.integers(0, N_CATEGORIES, n_rows).tolist(),
            rng.gamma(2.0, 15.0, n_rows).tolist(),
            rng.integers(0, 365, n_rows).tolist(),
        )
        with self.db:
            self.db.executemany("INSERT INTO purchases VALUES (?, ?, ?, ?)", rows)

    def profile(self, user_id):
        spend = np.zeros(N_CATEGORIES, np.float32)
        visits = np.zeros(N_CATEGORIES, np.float32)
        cur = self.db.execute(
            "SELECT category, SUM(amount), COUNT(*) FROM purchases "
            "WHERE user_id = ? AND days_ago < 180 GROUP BY category",
            (int(user_id),),
        )
        for category, amount, count in cur:
            spend[category] = amount
            visits[category] = count
        return np.concatenate([np.log1p(spend), np.log1p(visits)])

    def close(self):
        self.db.close()


def build_ranker():
    inp = keras.Input((2 * N_CATEGORIES + OFFER_DIM,))
    x = layers.Dense(256, activation="relu")(inp)
    x = layers.Dense(128, activation="relu")(x)
    return keras.Model(inp, layers.Dense(1, activation="sigmoid")(x))


class OfferService:
    def __init__(self, store, offers):
        self.store = store
        self.offers = offers
        model = build_ranker()
        self.score = tf.function(
            lambda x: model(x, training=False),
            input_signature=[tf.TensorSpec([None, 2 * N_CATEGORIES + OFFER_DIM], tf.float32)],
        )

    def rank(self, user_id, top=10):
        profile = self.store.profile(user_id)
        rows = np.hstack([np.broadcast_to(profile, (len(self.offers), profile.size)), self.offers])
        scores = self.score(rows).numpy()[:, 0]
        return np.argsort(-scores)[:top]


def main():
    rng = np.random.default_rng(11)
    with tempfile.TemporaryDirectory() as folder:
        store = FeatureStore(os.path.join(folder, "shop.db"))
        store.load(rng, n_users=20_000, n_rows=400_000)
        service = OfferService(store, rng.normal(size=(200, OFFER_DIM)).astype("float32"))
        start = time.perf_counter()
        shown = np.zeros(200, int)
        for user in rng.integers(0, 20_000, 600):
            shown[service.rank(user)] += 1
        print(f"600 sessions in {time.perf_counter() - start:.1f} s, best offer {shown.argmax()}")
        store.close()


if __name__ == "__main__":
    main()

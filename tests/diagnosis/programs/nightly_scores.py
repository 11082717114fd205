"""Nightly job: churn score for every account, written to one CSV file."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"

import csv
import gc
import tempfile
import time
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers

ACCOUNTS = 60_000
CHUNK = 2_000
MONTHS = 12


@dataclass
class Account:
    number: str
    tenure: float
    balance: float
    history: list


def load_accounts(rng):
    spend = rng.gamma(2.0, 40.0, (ACCOUNTS, MONTHS)).round(2).tolist()
    tenure = rng.uniform(0, 20, ACCOUNTS).tolist()
    balance = rng.normal(500, 900, ACCOUNTS).tolist()
    return [Account(f"AC{i:07d}", tenure[i], balance[i], spend[i]) for i in range(ACCOUNTS)]


def build_model():
    inputs = keras.Input((MONTHS + 2,))
    x = layers.Rescaling(1 / 100)(inputs)
    for _ in range(3):
        x = layers.Dense(128, activation="relu")(x)
        x = layers.BatchNormalization()(x)
    outputs = layers.Dense(1, activation="sigmoid")(x)
    return keras.Model(inputs, outputs, name="churn")


def score_chunk(model, chunk):
    x = np.array([[a.tenure, a.balance, *a.history] for a in chunk], dtype="float32")
    scores = model.predict(x, batch_size=1000, verbose=0)[:, 0]
    rows = [(a.number, f"{s:.5f}") for a, s in zip(chunk, scores)]
    del x, scores
    keras.backend.clear_session()
    gc.collect()
    return rows


def main():
    keras.utils.set_random_seed(11)
    accounts = load_accounts(np.random.default_rng(11))
    model = build_model()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "scores.csv")
        started = time.perf_counter()
        with open(path, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("account", "score"))
            for start in range(0, len(accounts), CHUNK):
                writer.writerows(score_chunk(model, accounts[start : start + CHUNK]))
                if start // CHUNK % 10 == 0:
                    print(f"{start:>6} done, {time.perf_counter() - started:.1f} s")
        print(f"{len(accounts)} accounts, {os.path.getsize(path)} bytes")
        print(f"{time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()

"""Nightly triage of household insurance claims.

Reads the open claims, scores them with the triage network and writes one
line per claim (claim id, queue, confidence) for the case management import.
"""

import argparse
import csv
import gc
import logging
import os
import tempfile
import time
from dataclasses import dataclass

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np

logger = logging.getLogger("triage")

QUEUES = ("auto-pay", "clerk", "expert", "fraud-desk")
KINDS = 24
FEATURES = KINDS + 6


@dataclass
class Position:
    kind: int
    amount: float
    pieces: int


@dataclass
class Claim:
    number: str
    age_days: int
    customer_years: int
    earlier_claims: int
    positions: list


def read_open_claims(count, seed=17):
    rng = np.random.default_rng(seed)
    ages = rng.integers(0, 90, count).tolist()
    years = rng.integers(0, 30, count).tolist()
    earlier = rng.poisson(1.2, count).tolist()
    sizes = rng.integers(1, 6, count).tolist()
    total = sum(sizes)
    kinds = iter(rng.integers(0, KINDS, total).tolist())
    amounts = iter(rng.gamma(2.0, 120.0, total).tolist())
    pieces = iter(rng.integers(1, 5, total).tolist())
    claims = []
    for i in range(count):
        positions = [Position(next(kinds), next(amounts), next(pieces)) for _ in range(sizes[i])]
        claims.append(Claim(f"HH-{i:07d}", ages[i], years[i], earlier[i], positions))
    return claims


def encode(claims):
    x = np.zeros((len(claims), FEATURES), dtype="float32")
    for row, claim in zip(x, claims):
        total = 0.0
        for p in claim.positions:
            row[p.kind] += p.amount / 500.0
            total += p.amount * p.pieces
        row[KINDS] = total / 1000.0
        row[KINDS + 1] = len(claim.positions)
        row[KINDS + 2] = claim.age_days / 30.0
        row[KINDS + 3] = claim.customer_years / 10.0
        row[KINDS + 4] = claim.earlier_claims
        row[KINDS + 5] = 1.0
    return x


def triage_network():
    return keras.Sequential(
        [
            keras.Input((FEATURES,)),
            keras.layers.Dense(256, activation="relu"),
            keras.layers.Dense(256, activation="relu"),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(len(QUEUES), activation="softmax"),
        ]
    )


class TriageJob:
    def __init__(self, model, batch_size):
        self.model = model
        self.batch_size = batch_size

    def run(self, claims, sink):
        writer = csv.writer(sink, delimiter=";")
        counts = np.zeros(len(QUEUES), dtype=int)
        for start in range(0, len(claims), self.batch_size):
            batch = claims[start : start + self.batch_size]
            features = encode(batch)
            scores = self.model.predict_on_batch(features)
            chosen = scores.argmax(axis=1)
            counts += np.bincount(chosen, minlength=len(QUEUES))
            writer.writerows(
                (claim.number, QUEUES[q], f"{s[q]:.3f}") for claim, q, s in zip(batch, chosen, scores)
            )
            # the job shares a 4 GB worker with the mailer, keep memory flat
            del features, scores, chosen
            gc.collect()
            if start % (20 * self.batch_size) == 0:
                logger.info("%d claims done", start + len(batch))
        return dict(zip(QUEUES, counts.tolist()))


def main():
    parser = argparse.ArgumentParser(description="score open claims")
    parser.add_argument("--claims", type=int, default=80000)
    parser.add_argument("--batch-size", type=int, default=800)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")

    keras.utils.set_random_seed(17)
    claims = read_open_claims(args.claims)
    logger.info("%d open claims", len(claims))
    job = TriageJob(triage_network(), args.batch_size)

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "triage.csv")
        began = time.monotonic()
        with open(path, "w", newline="") as sink:
            counts = job.run(claims, sink)
        logger.info("wrote %d bytes in %.1f s", os.path.getsize(path), time.monotonic() - began)
    logger.info("queues: %s", counts)


if __name__ == "__main__":
    main()

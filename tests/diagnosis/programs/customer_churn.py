"""Score the customers of a telephone company and print who should get a letter."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np

keras.utils.set_random_seed(11)


@dataclass
class Customer:
    number: int
    months: float
    bill: float
    calls_to_support: float
    contract_years: float


def build_network() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


class LetterCampaign:
    def __init__(self, network: keras.Model, limit: float) -> None:
        self.network = network
        self.limit = limit

    def features(self, customer: Customer) -> np.ndarray:
        return np.array(
            [
                customer.months / 60,
                customer.bill / 100,
                customer.calls_to_support / 5,
                customer.contract_years / 2,
            ],
            dtype="float32",
        )

    def probability(self, customer: Customer) -> float:
        row = self.features(customer)[np.newaxis]
        return float(self.network.predict(row, verbose=0)[0, 0])

    def choose(self, customers: list[Customer]) -> list[tuple[int, float]]:
        scored = [(c.number, self.probability(c)) for c in customers]
        return [entry for entry in scored if entry[1] > self.limit]


def read_customers(count: int) -> list[Customer]:
    random = np.random.default_rng(5)
    return [Customer(n, *random.uniform((1, 20, 0, 0), (60, 120, 9, 3)).tolist()) for n in range(count)]


if __name__ == "__main__":
    campaign = LetterCampaign(build_network(), limit=0.5)
    letters = campaign.choose(read_customers(120))
    print("letters", len(letters), "sum", round(sum(p for _, p in letters), 3))

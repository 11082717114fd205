"""Replay a day of card payments through the fraud network."""

from collections.abc import Iterator

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(53)


class Replay:
    """Cuts a recorded stream in portions and collects what comes back."""

    def __init__(self, payments: np.ndarray, portion: int = 500) -> None:
        self.payments = payments
        self.portion = portion

    def portions(self) -> Iterator[np.ndarray]:
        for start in range(0, len(self.payments), self.portion):
            yield self.payments[start : start + self.portion]

    def through(self, score) -> np.ndarray:
        return np.concatenate([score(portion) for portion in self.portions()])


def fraud_network(features: int) -> keras.Model:
    payment = keras.Input((features,))
    x = layers.Dense(2048, activation="relu")(payment)
    x = layers.Dense(2048, activation="relu")(x)
    x = layers.Dense(2048, activation="relu")(x)
    return keras.Model(payment, layers.Dense(1, activation="sigmoid")(x))


def recorded_day(count: int, features: int) -> np.ndarray:
    random = np.random.default_rng(20)
    amounts = random.lognormal(3, 1, (count, 1))
    rest = random.normal(size=(count, features - 1))
    return np.hstack([np.log(amounts), rest]).astype("float32")


def main() -> None:
    network = fraud_network(64)
    scores = Replay(recorded_day(4000, 64)).through(network.predict_on_batch)
    print("payments", len(scores), "mean", round(float(scores.mean()), 4))
    print("suspicious", int((scores > 0.52).sum()))


if __name__ == "__main__":
    main()

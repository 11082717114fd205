"""Train a network on house prices, then price the test set once."""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(202)


def houses(count: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(2)
    facts = random.random((count, 16)).astype("float32")
    prices = facts @ random.normal(size=(16, 1)) + 0.1 * random.normal(size=(count, 1))
    return facts, prices.astype("float32")


def price_network() -> keras.Model:
    model = keras.Sequential([keras.Input((16,))])
    for width in (256, 256, 128):
        model.add(layers.Dense(width, activation="relu"))
        model.add(layers.Dropout(0.1))
    model.add(layers.Dense(1))
    model.compile("adam", "mse")
    return model


def main() -> None:
    facts, prices = houses(24_000)
    network = price_network()
    history = network.fit(facts[4000:], prices[4000:], epochs=6, batch_size=128, verbose=0)
    expected = network.predict(facts[:4000], batch_size=1000, verbose=0)
    error = float(np.abs(expected - prices[:4000]).mean())
    print("epochs", len(history.epoch), "test error below one", error < 1)
    print("priced", len(expected))


if __name__ == "__main__":
    main()

"""How wide must the hidden layer be? Train a few widths on the same data and compare their errors."""

import keras
import numpy as np
from keras import layers

WIDTHS = (8, 32, 96)


def data(count, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, (count, 12)).astype("float32")
    return x, (np.sin(x[:, :1] * 2) + x[:, 1:2] * x[:, 2:3]).astype("float32")


def trained(width, x, y):
    keras.utils.set_random_seed(390)
    model = keras.Sequential(
        [
            keras.Input((12,)),
            layers.Dense(width, activation="tanh"),
            layers.Dense(width, activation="tanh"),
            layers.Dense(1),
        ]
    )
    model.compile("adam", "mse")
    model.fit(x, y, batch_size=64, epochs=10, verbose=0)
    return model


def main():
    train, test = data(6000, 391), data(2000, 392)
    errors = {}
    for width in WIDTHS:
        model = trained(width, *train)
        errors[width] = float(model.evaluate(*test, batch_size=500, verbose=0))
    print("widths", list(errors), "wider is better", errors[8] > errors[96])


if __name__ == "__main__":
    main()

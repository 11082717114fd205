"""Asks twelve small models about each row, and takes the mean."""

import keras
import numpy as np


def small_model():
    return keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(16, "tanh"), keras.layers.Dense(1)])


models = [small_model() for _ in range(12)]
means = []
for row in np.random.rand(20, 1, 8).astype("float32"):
    answers = [model.predict(row, verbose=0) for model in models]
    means.append(np.mean(answers))
print(len(means), "rows")

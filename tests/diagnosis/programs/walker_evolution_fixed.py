"""Evolve the controller of a walking toy: mutate the weights, try each candidate, keep the best."""

import keras
import numpy as np
from keras import layers

GENERATIONS = 5
CANDIDATES = 24


def controller():
    keras.utils.set_random_seed(60)
    return keras.Sequential(
        [
            keras.Input((10,)),
            layers.Dense(24, activation="tanh"),
            layers.Dense(24, activation="tanh"),
            layers.Dense(4, activation="tanh"),
        ]
    )


def with_weights(template, weights):
    template.set_weights(weights)
    return template


def fitness(model, slopes):
    torque = model.predict_on_batch(slopes)
    return float(np.mean(torque[:, 0] * slopes[:, 0] - 0.2 * np.square(torque).sum(1)))


def evolve(template, slopes):
    rng = np.random.default_rng(61)
    best, best_fitness = template.get_weights(), -np.inf
    for _ in range(GENERATIONS):
        parent = best
        for _ in range(CANDIDATES):
            weights = [array + rng.normal(0, 0.1, array.shape).astype("float32") for array in parent]
            value = fitness(with_weights(template, weights), slopes)
            if value > best_fitness:
                best, best_fitness = weights, value
    return best, best_fitness


if __name__ == "__main__":
    slopes = np.random.default_rng(3).normal(0, 1, (32, 10)).astype("float32")
    weights, value = evolve(controller(), slopes)
    print("fitness", round(value, 4), "norm", round(float(sum(np.square(w).sum() for w in weights)), 3))

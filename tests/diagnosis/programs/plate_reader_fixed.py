"""Classify growth curves of a microplate reader, 200 plates of 1,536 wells."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(17)
POINTS = 96


class Baseline(layers.Layer):
    """Takes off each curve's floor and scales it by its plateau."""

    def call(self, curves):
        floor = tf.reduce_mean(curves[:, :8], axis=-1, keepdims=True)
        plateau = tf.reduce_mean(curves[:, -8:], axis=-1, keepdims=True)
        return (curves - floor) / (plateau - floor + 1e-3)

    def compute_output_shape(self, shape):
        return shape


def growth_classifier() -> keras.Model:
    curves = keras.Input((POINTS,), name="optical_density")
    x = Baseline(name="baseline")(curves)
    x = layers.Reshape((POINTS, 1))(x)
    x = layers.Conv1D(8, 7, activation="relu")(x)
    x = layers.GlobalMaxPooling1D()(x)
    return keras.Model(curves, layers.Dense(4, activation="softmax")(x))


def measure_plates(count: int):
    random = np.random.default_rng(3)
    time = np.linspace(0, 12, POINTS, dtype="float32")
    rate = random.uniform(0.5, 2, (1536, 1)).astype("float32")
    lag = random.uniform(2, 8, (1536, 1)).astype("float32")
    noise = random.normal(0, 0.02, (1536, POINTS)).astype("float32")
    densities = 1 / (1 + np.exp(-rate * (time - lag))) + noise
    for plate in range(count):
        yield np.roll(densities, plate, axis=0) + plate / count


def main() -> None:
    model = growth_classifier()
    totals = np.zeros(4)
    for densities in measure_plates(200):
        classes = model.predict_on_batch(densities)
        totals += classes.sum(axis=0)
    print("classes", np.round(totals, 1), "of", round(float(totals.sum())))


main()

"""Show which hours of a patient's day raised the alarm: the gradient of the alarm is the answer."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

PATIENTS = 1200
BATCH = 100


def build():
    keras.utils.set_random_seed(400)
    day = keras.Input((144, 8))
    x = layers.Conv1D(64, 5, padding="same", activation="relu")(day)
    x = layers.Conv1D(64, 5, padding="same", activation="relu")(x)
    x = layers.Conv1D(64, 5, padding="same", activation="relu")(x)
    return keras.Model(day, layers.Dense(1)(layers.GlobalMaxPooling1D()(x)))


class Explainer:
    def __init__(self, model):
        self.model = model

    @tf.function(input_signature=[tf.TensorSpec((BATCH, 144, 8))])
    def blame(self, days):
        with tf.GradientTape() as tape:
            tape.watch(days)
            alarm = self.model(days, training=False)
        return alarm, tf.reduce_sum(tf.abs(tape.gradient(alarm, days)), -1)


def main():
    explainer = Explainer(build())
    days = np.random.default_rng(401).normal(0, 1, (PATIENTS, 144, 8)).astype("float32")
    hours = []
    for start in range(0, PATIENTS, BATCH):
        _, blame = explainer.blame(tf.constant(days[start : start + BATCH]))
        hours.append(blame.numpy().reshape(BATCH, 24, 6).sum(-1).argmax(1))
    hours = np.concatenate(hours)
    print("patients", len(hours), "commonest hour", int(np.bincount(hours).argmax()))


if __name__ == "__main__":
    main()

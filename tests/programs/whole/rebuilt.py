"""A model is built for each candidate, and the session cleared after it."""

import numpy as np
import tensorflow as tf


def build(units):
    layers = [tf.keras.layers.Dense(units) for _ in range(4)]
    return tf.keras.Sequential([tf.keras.Input((8,)), *layers])  # here: build


x = np.zeros((4, 8), "float32")
for units in range(4, 84):
    model = build(units)
    model(x)
    tf.keras.backend.clear_session()  # here: clear
print("models", 80)

"""Models of three sizes for the plans beside this file; with COMPILED=1 they are compiled."""

import os

import tensorflow as tf


def narrow():
    return build(2)


def medium():
    return build(256)


def wide():
    return build(2048)


def build(width):
    layers = tf.keras.layers
    inputs = layers.Input((16,))
    hidden = layers.Dense(width, activation="relu")(inputs)
    hidden = layers.Dense(width, activation="relu")(hidden)
    model = tf.keras.Model(inputs, layers.Dense(1, activation="sigmoid")(hidden))
    if os.environ.get("COMPILED") == "1":
        model.compile("adam", "binary_crossentropy")
    return model

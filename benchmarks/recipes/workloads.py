"""The models and inputs of the recipes benchmark, as users would write them.

Functions return a pair of a model and its input; Python 3.7 code.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf

keras = tf.keras
layers = tf.keras.layers


def _rows(*shape):
    return np.random.RandomState(0).standard_normal(shape).astype("float32")


def tiny():
    """The question's tiny model, 32 rows of 4 numbers."""
    inputs = layers.Input((4,))
    outputs = layers.Dense(1, activation="sigmoid")(layers.Dense(2, activation="relu")(inputs))
    model = keras.Model(inputs, outputs)
    model.compile("adam", "binary_crossentropy")
    return model, _rows(32, 4)


def one_row():
    """The same with a single row, as in a service."""
    return tiny()[0], _rows(1, 4)


def deep():
    """A hundred small layers, one row."""
    inputs = layers.Input((16,))
    x = inputs
    for _ in range(100):
        x = layers.Dense(16, activation="relu")(x)
    return keras.Model(inputs, x), _rows(1, 16)


def mobilenet():
    """An image at a time."""
    return keras.applications.MobileNetV2(weights=None, input_shape=(224, 224, 3)), _rows(1, 224, 224, 3)


def lstm():
    """A recurrent layer of 128 steps, 8 rows."""
    inputs = layers.Input((128, 16))
    return keras.Model(inputs, layers.Dense(1)(layers.LSTM(32)(inputs))), _rows(8, 128, 16)


def two_tower():
    """Words in, looked up and embedded in two towers, and the product of both."""

    def tower(name):
        word = layers.Input((1,), dtype="string", name=name)
        ids = layers.StringLookup(vocabulary=[f"{name}{number}" for number in range(1000)])(word)
        vector = layers.Flatten()(layers.Embedding(1001, 16)(ids))
        return word, layers.Dense(16)(vector)

    user, item = tower("user"), tower("item")
    model = keras.Model({"user": user[0], "item": item[0]}, layers.Dot(1)([user[1], item[1]]))
    words = {name: tf.constant([[f"{name}{number}"] for number in range(256)]) for name in ("user", "item")}
    return model, words


def many_small_rows():
    """50,000 rows of 10 numbers, in Keras' own batches of 32."""
    inputs = layers.Input((10,))
    x = layers.Dense(32, activation="relu")(inputs)
    return keras.Model(inputs, layers.Dense(2)(x)), _rows(50_000, 10)


def dataset_of_single_rows():
    """A Dataset whose rows were never batched: 500 batches of one."""
    return tiny()[0], tf.data.Dataset.from_tensor_slices(_rows(500, 4)).batch(1)


def large_output():
    """An output of 1 GB: 65,536 rows of 4,096 numbers."""
    inputs = layers.Input((4,))
    return keras.Model(inputs, layers.Dense(4096)(inputs)), _rows(65_536, 4)

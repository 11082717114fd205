"""The tiny model of the question of why a Keras model predicts more slowly after compile().

https://stackoverflow.com/q/58378374
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf


def build() -> tuple[Any, Any]:
    """Returns the compiled model and 32 rows of input, as in the question."""
    inputs = tf.keras.layers.Input(shape=(4,))
    hidden = tf.keras.layers.Dense(2, activation="relu")(inputs)
    outputs = tf.keras.layers.Dense(1, activation="sigmoid")(hidden)
    model = tf.keras.models.Model(inputs, outputs)
    model.compile("adam", loss="binary_crossentropy")
    return model, np.random.randn(32, 4)


def build_with_many_rows() -> tuple[Any, Any]:
    """Returns the same model, and rows for a hundred batches of ``predict``."""
    model, _ = build()
    return model, np.random.randn(3200, 4)

"""The models of the question of why a Keras model predicts more slowly after compile().

https://stackoverflow.com/q/58378374

Each function returns ``(model, x)`` for one step of the experiment. This is Python 3.7
code that runs in the profiled interpreter.
"""

from __future__ import annotations

import os
import tempfile
from typing import Any

import numpy as np
import tensorflow as tf


def tiny_uncompiled() -> tuple[Any, Any]:
    """13 parameters and 32 rows of 4 numbers, before compile()."""
    return _tiny(), np.random.randn(32, 4)


def tiny_compiled() -> tuple[Any, Any]:
    """The same after compile()."""
    return _compiled(_tiny()), np.random.randn(32, 4)


def tiny_train_function() -> tuple[Any, Any]:
    """The same after compile(), with the train function built."""
    model = _compiled(_tiny())
    # It is a private method in the answer's release, and a public one since 2.2.
    name = "_make_train_function" if hasattr(model, "_make_train_function") else "make_train_function"
    getattr(model, name)()
    return model, np.random.randn(32, 4)


def medium_uncompiled() -> tuple[Any, Any]:
    """The model that is large relative to its data, before compile()."""
    return _medium(), np.random.randn(32, 400, 16)


def medium_compiled() -> tuple[Any, Any]:
    """The same after compile()."""
    return _compiled(_medium()), np.random.randn(32, 400, 16)


def tiny_weights_loaded() -> tuple[Any, Any]:
    """The first workaround: the compiled model's weights in a new, uncompiled model."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.weights.h5")  # the name that Keras 3 requires
        _compiled(_tiny()).save_weights(path)
        model = _tiny()
        model.load_weights(path)
    return model, np.random.randn(32, 4)


def tiny_loaded_uncompiled() -> tuple[Any, Any]:
    """The second workaround: the compiled model saved as a whole and loaded uncompiled."""
    newest = int(getattr(tf.keras, "__version__", "3").partition(".")[0]) >= 3
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras" if newest else "model.h5")
        _compiled(_tiny()).save(path)
        model = tf.keras.models.load_model(path, compile=False)
    return model, np.random.randn(32, 4)


def _tiny() -> Any:
    inputs = tf.keras.layers.Input(shape=(4,))
    hidden = tf.keras.layers.Dense(2, activation="relu")(inputs)
    outputs = tf.keras.layers.Dense(1, activation="sigmoid")(hidden)
    return tf.keras.models.Model(inputs, outputs)


def _medium() -> Any:
    layers = tf.keras.layers
    inputs = layers.Input(batch_shape=(32, 400, 16))
    # The answer builds this layer but uses the next one instead.
    layers.Bidirectional(layers.LSTM(512, activation="relu", return_sequences=True))(inputs)
    x = layers.LSTM(512, activation="relu", return_sequences=True)(inputs)
    # There it is written as Conv1D(128, 400, 1): filters, width, step.
    x = layers.Conv1D(128, 400, 1, padding="same")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(256, activation="relu")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(128, activation="relu")(x)
    x = layers.Dense(64, activation="relu")(x)
    outputs = layers.Dense(1, activation="sigmoid")(x)
    return tf.keras.models.Model(inputs, outputs)


def _compiled(model: Any) -> Any:
    model.compile("adam", loss="binary_crossentropy")
    return model

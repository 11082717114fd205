"""Models that are compared: a tiny one, a larger one, and the tiny one made slower in one phase.

``MORE`` is by how many ms each call is made slower.
"""

import os
import time

import numpy as np
from tensorflow import keras

MORE = float(os.environ.get("MORE", "0")) / 1000


def tiny():
    """A model whose predict is nearly all Keras."""
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
    return model, np.ones((1, 4), "float32")


def mobile():
    """MobileNetV2, one image."""
    model = keras.applications.MobileNetV2(weights=None)
    return model, np.ones((1, 224, 224, 3), "float32")

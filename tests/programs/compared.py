"""Models that are compared with themselves: one whose predict is nearly all Keras, and a larger one."""

import numpy as np
from tensorflow import keras


def tiny():
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
    return model, np.ones((1, 4), "float32")


def mobile():
    model = keras.applications.MobileNetV2(weights=None)
    return model, np.ones((1, 224, 224, 3), "float32")

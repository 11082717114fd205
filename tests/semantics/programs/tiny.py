"""A model that most programs need, small and the same in each run."""

import keras
import numpy as np

x = np.arange(32, dtype="float32").reshape(8, 4)


def make(*more):
    """A model of 4 features and one output, with more layers in between."""
    return keras.Sequential(
        [keras.layers.Input((4,)), *more, keras.layers.Dense(1, kernel_initializer="ones", name="last")]
    )


model = make()

"""A program whose model reads what comes in: once it is read, nothing comes any more."""

import queue
import time

import numpy as np
import tensorflow as tf
from tensorflow import keras

coming = queue.Queue()
for one in [*np.ones((40, 4), "float32"), None]:
    coming.put(one)


def rows():
    """What comes in, until somebody says that it is over."""
    while True:
        one = coming.get()
        if one is None:
            return
        time.sleep(0.01)
        yield one


inputs = keras.layers.Input((4,))
model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
batches = tf.data.Dataset.from_generator(rows, tf.float32, tf.TensorShape([4])).batch(4)
print("stuck", model.predict(batches, verbose=0).shape)  # here: stuck

"""A program that calls each of its models once or twice, and says what was called how often."""

import atexit
import sys

import numpy as np
import tensorflow as tf
from tensorflow import keras

counts = {"ends": 0, "drawn": 0}


class Ends(keras.callbacks.Callback):
    """Writes down each end of a predict, as one that sends a message does."""

    def on_predict_end(self, logs=None):
        counts["ends"] += 1


def batches():
    """A generator, which can be read only once."""
    for _ in range(3):
        counts["drawn"] += 1
        yield (np.ones((64, 32, 32, 3), "float32"),)


def convolutions():
    model = keras.Sequential()
    model.add(keras.layers.Conv2D(32, 5, activation="relu", input_shape=(32, 32, 3)))
    model.add(keras.layers.Conv2D(48, 5, activation="relu"))
    model.add(keras.layers.GlobalAveragePooling2D())
    model.add(keras.layers.Dense(3))
    return model


pictures = np.random.default_rng(0).random((96, 32, 32, 3), "float32")
images = convolutions()
print("images", images.predict(pictures, callbacks=[Ends()], verbose=0).shape)  # here: images
stream = convolutions()
print("stream", stream.predict(batches(), steps=3, verbose=0).shape)  # here: stream
graph = tf.function(lambda x: tf.reduce_sum(images(x)))
many = tf.constant(np.concatenate([pictures] * 8))
print("graph", graph(many).shape)  # here: graph

# What is registered before the recorder sees TensorFlow's exit is called after what the recorder does.
atexit.register(lambda: print("ends {ends} drawn {drawn}".format(**counts)))
sys.exit(3)

"""Models and inputs that the live tests and the benchmarks profile, as a user would write them."""

from __future__ import annotations

import functools

import numpy as np
import tensorflow as tf

keras = tf.keras
layers = tf.keras.layers


def tiny():
    inputs = layers.Input((4,))
    outputs = layers.Dense(1, activation="sigmoid")(layers.Dense(2, activation="relu")(inputs))
    model = keras.Model(inputs, outputs)
    model.compile("adam", "binary_crossentropy")
    return model


def tiny_uncompiled():
    inputs = layers.Input((4,))
    return keras.Model(inputs, layers.Dense(1)(layers.Dense(2, activation="relu")(inputs)))


def mobilenet():
    return keras.applications.MobileNetV2(weights=None, input_shape=(96, 96, 3), classes=10)


def lstm():
    inputs = layers.Input((None, 16))
    return keras.Model(inputs, layers.Dense(1)(layers.LSTM(64)(inputs)))


def small_lstm():
    inputs = layers.Input((8, 4))
    return keras.Model(inputs, layers.Dense(1)(layers.LSTM(8)(inputs)))


def small_conv():
    inputs = layers.Input((16, 16, 3))
    features = layers.Conv2D(4, 3, activation="relu")(inputs)
    return keras.Model(inputs, layers.Dense(1)(layers.GlobalAveragePooling2D()(features)))


def two_inputs():
    """A string input and a number input, by name."""
    words = layers.Input((1,), dtype="string", name="word")
    numbers = layers.Input((3,), name="numbers")
    ids = layers.StringLookup(vocabulary=["one", "two", "alpha"])(words)
    vector = layers.Flatten()(layers.Embedding(8, 4)(ids))
    return keras.Model(
        {"word": words, "numbers": numbers}, layers.Dense(1)(layers.Concatenate()([vector, numbers]))
    )


def with_lambda():
    inputs = layers.Input((4,))
    return keras.Model(inputs, layers.Lambda(lambda x: x * 2)(inputs))


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1)

    def call(self, x):
        return self.dense(x)


def subclassed():
    return Subclassed()


def raises():
    raise RuntimeError("the weights are missing")


def no_model():
    return {"not": "a model"}


def _numbers(*shape):
    return np.random.RandomState(0).standard_normal(shape).astype("float32")


def rows(count=32):
    return _numbers(count, 4)


def series(count=32):
    return _numbers(count, 8, 4)


def images(count=32):
    return _numbers(count, 16, 16, 3)


def tensor(make=rows):
    return tf.constant(make())


def dataset(make=rows):
    return tf.data.Dataset.from_tensor_slices(make(96)).batch(32)


def generator(make=rows):
    for _ in range(3):
        yield (make(),)


series_tensor = functools.partial(tensor, series)
series_dataset = functools.partial(dataset, series)
series_generator = functools.partial(generator, series)
images_tensor = functools.partial(tensor, images)
images_dataset = functools.partial(dataset, images)
images_generator = functools.partial(generator, images)


class Batches(keras.utils.PyDataset if hasattr(keras.utils, "PyDataset") else keras.utils.Sequence):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        return rows()


def pydataset():
    return Batches()

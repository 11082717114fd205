"""A model whose predict is slower than it was in one phase. ``MS`` is by how much; Python 3.7 code."""

import hashlib
import os
import time

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.python.data.ops import iterator_ops

MS = float(os.environ.get("MS", "0"))


def plain():
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(4,))])
    return model, np.ones((1, 4), "float32")


def before(owner, name, work):
    """Lets ``work`` run before a function."""
    function = getattr(owner, name)

    def wrapper(*arguments, **options):
        work()
        return function(*arguments, **options)

    setattr(owner, name, wrapper)


def in_python():
    end = time.perf_counter() + MS / 1000
    while time.perf_counter() < end:
        sum(range(50))


def in_native_code():
    end = time.perf_counter() + MS / 1000
    while time.perf_counter() < end:
        hashlib.pbkdf2_hmac("sha256", b"keras", b"profile", 100)


def asleep():
    time.sleep(MS / 1000)


def python():
    """In iterator_creation."""
    before(iterator_ops.OwnedIterator, "_create_iterator", in_python)
    return plain()


def native():
    """In dataset_building."""
    before(tf.data.Dataset, "flat_map", in_native_code)
    return plain()


def sleep():
    """In entry."""
    model, x = plain()
    before(model, "make_predict_function", asleep)
    return model, x


def iterator():
    """Another iterator, in iterator_creation."""
    model, x = plain()
    dataset = tf.data.Dataset.from_tensors(1)
    before(model, "make_predict_function", lambda: next(iter(dataset)))
    return model, x


def trace():
    """Another traced function, in function_tracing."""
    model, x = plain()
    before(
        model, "make_predict_function", lambda: tf.function(lambda: tf.constant(1)).get_concrete_function()
    )
    return model, x

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


def of_its_size(make):
    """How many parts ``make`` needs, at least 1, for what it makes to take ``MS``."""
    least = quickest(make, 1)
    each = (quickest(make, 257) - least) / 256
    return max(1, 1 + int((MS / 1000 - least) / each))


def quickest(make, count):
    """How many seconds what is made of so many parts takes, if nothing hinders it."""
    work, times = make(count), []
    for _ in range(30):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return sorted(times)[len(times) // 4]


def iterating(datasets):
    """Makes an iterator over so many datasets at once, when called."""
    all_ones = [tf.data.Dataset.from_tensors(1).take(1).batch(1) for _ in range(datasets)]
    together = tf.data.Dataset.zip(tuple(all_ones))
    return lambda: iter(together)


def tracing(ops):
    """Traces a function of so many ops, when called."""

    def function():
        one = tf.constant(1)
        for _ in range(ops):
            one = tf.identity(one)
        return one

    return lambda: tf.function(function).get_concrete_function()


def iterator():
    """Another iterator, in iterator_creation. It stays, since destroying it takes time elsewhere."""
    model, x = plain()
    make, made = iterating(of_its_size(iterating)), []
    before(model, "make_predict_function", lambda: made.append(make()))
    return model, x


def trace():
    """Another traced function, in function_tracing."""
    model, x = plain()
    before(model, "make_predict_function", tracing(of_its_size(tracing)))
    return model, x

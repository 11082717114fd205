"""Models and usages in which recipes apply, as a user would write them.

Each function gives a model and its input, or a new generator.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf

keras = tf.keras
layers = tf.keras.layers
_WORDS = ["one", "two", "alpha"]


def _numbers(*shape):
    return np.random.RandomState(0).standard_normal(shape).astype("float32")


def _dense():
    inputs = layers.Input((4,))
    model = keras.Model(inputs, layers.Dense(2)(layers.Dense(8, activation="relu")(inputs)))
    model.compile("adam", "mse")
    return model


def compiled():
    return _dense(), _numbers(32, 4)


def doubles():
    return _dense(), _numbers(1000, 4).astype("float64")


def one_row():
    return _dense(), _numbers(1, 4)


def callbacks():
    return [keras.callbacks.Callback(), keras.callbacks.LambdaCallback()]


def _triple(x):
    return x * 3.0


def dataset_of_small_batches():
    """A map that is neither parallel nor prefetched; the last batch is smaller."""
    return _dense(), tf.data.Dataset.from_tensor_slices(_numbers(99, 4)).batch(4).map(_triple)


def dataset_with_targets():
    data = tf.data.Dataset.from_tensor_slices((_numbers(96, 4), _numbers(96, 2)))
    return _dense(), data.batch(8).prefetch(1)


class Batches(keras.utils.PyDataset if hasattr(keras.utils, "PyDataset") else keras.utils.Sequence):
    """Batches with their targets, as fit takes them."""

    def __init__(self):
        super().__init__()
        self.rows = _numbers(40, 4)

    def __len__(self):
        return 5

    def __getitem__(self, number):
        return self.rows[8 * number : 8 * number + 8], np.zeros((8, 2), "float32")


def pydataset():
    return _dense(), Batches()


def generator():
    def batches():
        for start in range(0, 24, 8):
            yield (_numbers(24, 4)[start : start + 8],)

    return _dense(), batches


def words_and_numbers():
    """Two towers, their inputs by name."""
    words = layers.Input((1,), dtype="string", name="word")
    numbers = layers.Input((3,), name="numbers")
    vector = layers.Flatten()(layers.Embedding(8, 4)(layers.StringLookup(vocabulary=_WORDS)(words)))
    model = keras.Model(
        {"word": words, "numbers": numbers},
        layers.Dense(1)(layers.Concatenate()([vector, layers.Dense(4)(numbers)])),
    )
    model.compile("adam", "mse")
    words = tf.constant([["one"], ["alpha"], ["none"], ["two"]] * 8)
    return model, {"word": words, "numbers": tf.constant(_numbers(32, 3))}


def list_in_dict_out():
    """A list of inputs; the outputs are a dict, one of them of another dtype."""
    left, right = layers.Input((4,), name="left"), layers.Input((4,), name="right")
    score = layers.Dense(3, name="score")(layers.Add()([left, right]))
    model = keras.Model([left, right], {"score": score, "gate": layers.Activation("sigmoid")(left)})
    model.compile("adam", "mse")
    return model, [_numbers(96, 4), -_numbers(96, 4)]


def fixed_batch():
    inputs = layers.Input(batch_shape=(8, 4))
    model = keras.Model(inputs, layers.Reshape((2,))(layers.Dense(2)(inputs)))
    model.compile("adam", "mse")
    return model, _numbers(8, 4)


#: TensorFlow 2.0 has none; it saves such a model without its class.
_register = getattr(keras.utils, "register_keras_serializable", lambda package: lambda made: made)


@_register("recipe_cases")
class Subclassed(keras.Model):
    """A model of the user's own that can be saved."""

    def __init__(self, **options):
        super().__init__(**options)
        self.first = layers.Dense(8, activation="relu")
        self.last = layers.Dense(2)

    def call(self, x):
        return self.last(self.first(x))


def subclassed():
    model, x = Subclassed(), _numbers(32, 4)
    model(x)
    model.compile("adam", "mse")
    return model, x


class Unsaved(keras.Model):
    """A model of the user's own that cannot be copied: what it is made of is not known."""

    def __init__(self, units):
        super().__init__()
        self.last = layers.Dense(units)

    def call(self, x):
        return self.last(x)


def not_to_be_copied():
    model, x = Unsaved(2), _numbers(32, 4)
    model.compile("adam", "mse")
    model(x)
    return model, x


def recurrent():
    inputs = layers.Input((6, 4))
    steps = layers.LSTM(8, return_sequences=True, recurrent_dropout=0.2)(inputs)
    steps = layers.TimeDistributed(layers.Dense(8, activation="relu"))(steps)
    last = layers.Bidirectional(layers.GRU(4))(steps)
    return keras.Model(inputs, layers.Dense(2)(last)), _numbers(16, 6, 4)


def unrolled():
    inputs = layers.Input((6, 4))
    return keras.Model(inputs, layers.Dense(2)(layers.SimpleRNN(8, unroll=True)(inputs))), _numbers(16, 6, 4)


def augmented():
    """The random layers are a model of their own inside the model."""
    augmentation = keras.Sequential([layers.RandomFlip(), layers.RandomRotation(0.1)], name="augmentation")
    inputs = layers.Input((8, 8, 3))
    x = layers.GaussianNoise(0.1)(augmentation(inputs))
    return keras.Model(inputs, layers.Dense(2)(layers.Flatten()(x))), _numbers(16, 8, 8, 3)


def sixteen_bits():
    inputs = layers.Input((4,))
    x = layers.Dense(8, activation="relu", dtype="mixed_bfloat16")(inputs)
    return keras.Model(inputs, layers.Dense(2, dtype="float32")(x)), _numbers(32, 4)


def open_length():
    inputs = layers.Input((None, 4))
    return keras.Model(inputs, layers.Dense(2)(layers.GlobalMaxPooling1D()(inputs))), _numbers(16, 13, 4)


class Noise(layers.Layer):
    """Noise at inference too."""

    def call(self, x):
        return x + tf.random.normal(tf.shape(x))


def random_outputs():
    inputs = layers.Input((4,))
    return keras.Model(inputs, Noise()(layers.Dense(2)(inputs))), _numbers(32, 4)


def stateful():
    """A recurrent layer that goes on where the call before ended."""
    inputs = keras.Input(batch_shape=(4, 5, 3))
    return keras.Model(inputs, layers.Dense(2)(layers.LSTM(8, stateful=True)(inputs))), _numbers(4, 5, 3)


class Counting(layers.Layer):
    """Counts its calls in a variable, and gives the count."""

    def build(self, shape):
        self.count = self.add_weight(name="count", shape=(), initializer="zeros", trainable=False)

    def call(self, x):
        self.count.assign_add(1.0)
        return x * self.count


def counting():
    inputs = layers.Input((4,))
    return keras.Model(inputs, Counting()(layers.Dense(2)(inputs))), _numbers(16, 4)


class Dropping(layers.Layer):
    """Dropout at inference too, from a seed that the layer keeps."""

    def __init__(self, **options):
        super().__init__(**options)
        self.inner = layers.Dropout(0.5)

    def call(self, x):
        return self.inner(x, training=True)


def dropping():
    inputs = layers.Input((4,))
    return keras.Model(inputs, Dropping()(layers.Dense(8)(inputs))), _numbers(16, 4)


def shuffled():
    """A dataset in another order each time."""
    return _dense(), tf.data.Dataset.from_tensor_slices(_numbers(300, 4)).shuffle(300).batch(16)

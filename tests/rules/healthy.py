"""Models and usages without a cause of slowness, each profiled in one process after the other.

``python healthy.py FOLDER SECONDS [NAME ...]`` profiles each for this long, and writes the findings
of each to standard output as JSON. ``even`` and ``odd`` stand for every other name. What is called
takes long enough, or is called in such a way, that the fixed cost of a call is small.
"""

from __future__ import annotations

import functools
import json
import sys

import numpy as np
import tensorflow as tf

import keras_profile

keras = tf.keras
layers = keras.layers


def numbers(*shape, dtype="float32"):
    return np.random.RandomState(0).standard_normal(shape).astype(dtype)


def untuned(dataset):
    """Without the thread that tunes a dataset: at the end, a call may have to wait for that by chance."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def mlp(width=256, depth=3, inputs=64, compiled=False):
    x = first = layers.Input((inputs,))
    for _ in range(depth):
        x = layers.Dense(width, activation="relu")(x)
    model = keras.Model(first, layers.Dense(10)(x))
    if compiled:
        model.compile("adam", "mse")
    return model


def convolutions(size=64):
    x = first = layers.Input((size, size, 3))
    for filters in (16, 32, 64):
        x = layers.MaxPooling2D()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
    return keras.Model(first, layers.Dense(10)(layers.GlobalAveragePooling2D()(x)))


def mobilenet():
    return keras.applications.MobileNetV2(weights=None, input_shape=(96, 96, 3), classes=10)


def recurrent(kind, **options):
    x = layers.Input((None, 16))
    return keras.Model(x, layers.Dense(1)(kind(64, **options)(x)))


def attention():
    x = layers.Input((64, 64))
    y = layers.MultiHeadAttention(4, 16)(x, x)
    return keras.Model(x, layers.LayerNormalization()(layers.Add()([x, y])))


def embedding():
    x = layers.Input((64,), dtype="int32")
    y = layers.GlobalAveragePooling1D()(layers.Embedding(1000, 64)(x))
    return keras.Model(x, layers.Dense(10)(y))


def two_inputs():
    a, b = layers.Input((32,)), layers.Input((16,))
    return keras.Model([a, b], layers.Dense(10)(layers.Concatenate()([a, b])))


def separable():
    x = layers.Input((64, 64, 8))
    y = layers.BatchNormalization()(layers.SeparableConv2D(32, 3)(x))
    return keras.Model(x, layers.GlobalMaxPooling2D()(y))


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.first, self.second = layers.Dense(256, activation="relu"), layers.Dense(10)

    def call(self, x):
        return self.second(self.first(x))


class VariableLength(keras.Model):
    """Gets sequences of another length in each call."""

    turn = 0

    def predict_on_batch(self, x):
        VariableLength.turn += 1
        return super().predict_on_batch(x[:, : 20 + VariableLength.turn % 40])


def variable_length():
    x = layers.Input((None, 16))
    return VariableLength(x, layers.Conv1D(64, 3, padding="same")(x))


_large = functools.partial(mlp, width=2048, depth=6, inputs=512)
#: Takes three seconds for 7680 rows. Right after so much work a pipeline takes 0.1 to 0.2 s, where a
#: small model's takes 0.03 s, and is to stay far below a tenth of the call on any machine.
_larger = functools.partial(mlp, width=2048, depth=12, inputs=512)

#: By name: what makes the model, what makes the input, and the arguments of ``profile``.
HEALTHY = {
    "mlp_on_batch": (mlp, lambda: numbers(32, 64), {"entry": "predict_on_batch"}),
    "mlp_on_batch_compiled": (
        functools.partial(mlp, compiled=True),
        lambda: numbers(32, 64),
        {"entry": "predict_on_batch"},
    ),
    "mlp_on_batch_float64": (mlp, lambda: numbers(32, 64, dtype="float64"), {"entry": "predict_on_batch"}),
    "mlp_on_one_row": (mlp, lambda: numbers(1, 64), {"entry": "predict_on_batch"}),
    "mlp_on_tensor": (mlp, lambda: tf.constant(numbers(32, 64)), {"entry": "predict_on_batch"}),
    "mlp_function": (mlp, lambda: numbers(32, 64), {"entry": "function"}),
    "mlp_called": (mlp, lambda: numbers(4096, 64), {"entry": "call_inference"}),
    "convolutions_on_batch": (convolutions, lambda: numbers(32, 64, 64, 3), {"entry": "predict_on_batch"}),
    "convolutions_function": (convolutions, lambda: numbers(16, 64, 64, 3), {"entry": "function"}),
    "convolutions_called": (convolutions, lambda: numbers(32, 64, 64, 3), {"entry": "call"}),
    "mobilenet_on_batch": (mobilenet, lambda: numbers(8, 96, 96, 3), {"entry": "predict_on_batch"}),
    "mobilenet_function": (mobilenet, lambda: numbers(8, 96, 96, 3), {"entry": "function"}),
    "lstm_on_batch": (
        functools.partial(recurrent, layers.LSTM),
        lambda: numbers(16, 60, 16),
        {"entry": "predict_on_batch"},
    ),
    "gru_function": (
        functools.partial(recurrent, layers.GRU),
        lambda: numbers(16, 60, 16),
        {"entry": "function"},
    ),
    "simple_rnn_on_batch": (
        functools.partial(recurrent, layers.SimpleRNN),
        lambda: numbers(16, 60, 16),
        {"entry": "predict_on_batch"},
    ),
    "attention_on_batch": (attention, lambda: numbers(32, 64, 64), {"entry": "predict_on_batch"}),
    "embedding_on_batch": (embedding, lambda: np.ones((256, 64), "int32"), {"entry": "predict_on_batch"}),
    "two_inputs_on_batch": (
        two_inputs,
        lambda: [numbers(64, 32), numbers(64, 16)],
        {"entry": "predict_on_batch"},
    ),
    "separable_on_batch": (separable, lambda: numbers(16, 64, 64, 8), {"entry": "predict_on_batch"}),
    "subclassed_on_batch": (Subclassed, lambda: numbers(32, 64), {"entry": "predict_on_batch"}),
    "variable_length": (variable_length, lambda: numbers(32, 64, 16), {"entry": "predict_on_batch"}),
    "large_predict": (_larger, lambda: numbers(7680, 512), {"batch_size": 1024}),
    "large_predict_compiled": (
        functools.partial(_larger, compiled=True),
        lambda: numbers(7680, 512),
        {"batch_size": 1024},
    ),
    "large_predict_float64": (_larger, lambda: numbers(7680, 512, dtype="float64"), {"batch_size": 1024}),
    "large_predict_dataset": (
        _large,
        lambda: untuned(tf.data.Dataset.from_tensor_slices(numbers(2048, 512)).batch(512).prefetch(2)),
        {},
    ),
    "large_predict_mapped": (
        _large,
        lambda: untuned(
            tf.data.Dataset.from_tensor_slices(numbers(2048, 512))
            .map(lambda x: x * 2, num_parallel_calls=2)
            .batch(512)
            .prefetch(2)
        ),
        {},
    ),
}


def main(folder: str, seconds: float, names: list[str]) -> None:
    findings = {}
    every_other = {"even": list(HEALTHY)[::2], "odd": list(HEALTHY)[1::2]}
    for name in [model for wanted in names for model in every_other.get(wanted, [wanted])]:
        make, inputs, options = HEALTHY[name]
        report = keras_profile.profile(
            make(),
            inputs(),
            seconds=seconds,
            name=name,
            output=folder,
            quiet=True,
            captures=("bare", "spans", "tensorflow"),
            recipes=[],
            **options,
        )
        findings[name] = [
            f"{one.rule}: {one.title} ({one.sure})" for one in report.findings if one.verdict == "found"
        ]
        keras.backend.clear_session()
    json.dump(findings, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3:])

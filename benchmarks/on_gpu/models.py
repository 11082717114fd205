"""The models that are profiled on a GPU, as a user would write them."""

from __future__ import annotations

import keras

layers = keras.layers


def tiny() -> keras.Model:
    return keras.Sequential([keras.Input((4,)), layers.Dense(2, activation="relu"), layers.Dense(1)])


def mobilenet() -> keras.Model:
    return keras.applications.MobileNetV2(weights=None, input_shape=(96, 96, 3), classes=10)


def lstm() -> keras.Model:
    return keras.Sequential([keras.Input((32, 16)), layers.LSTM(64), layers.Dense(1)])

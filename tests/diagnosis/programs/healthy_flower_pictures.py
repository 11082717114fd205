"""Classify pictures from a pipeline that decodes and resizes in parallel."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(205)


def encoded(count: int) -> tf.Tensor:
    pixels = np.random.default_rng(5).integers(0, 256, (count, 40, 40, 3), dtype="uint8")
    return tf.stack([tf.io.encode_jpeg(picture) for picture in pixels])


def decode(data: tf.Tensor) -> tf.Tensor:
    return tf.image.resize(tf.io.decode_jpeg(data, channels=3), (64, 64)) / 255


def flowers(count: int) -> tf.data.Dataset:
    dataset = tf.data.Dataset.from_tensor_slices(encoded(count))
    dataset = dataset.map(decode, num_parallel_calls=tf.data.AUTOTUNE)
    return dataset.batch(64).prefetch(tf.data.AUTOTUNE)


def flower_network() -> keras.Model:
    model = keras.Sequential([keras.Input((64, 64, 3))])
    for filters in (32, 64, 96):
        model.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        model.add(layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu"))
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(5, activation="softmax"))
    return model


if __name__ == "__main__":
    kinds = flower_network().predict(flowers(700), verbose=0)
    print("flowers", len(kinds), "kinds", np.round(kinds.sum(axis=0), 1))

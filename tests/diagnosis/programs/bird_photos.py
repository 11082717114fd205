"""Name the birds on the photos of a feeding place."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

SIDE = 40


def settings() -> None:
    keras.utils.set_random_seed(107)
    tf.data.experimental.enable_debug_mode()


def photos(count: int) -> np.ndarray:
    random = np.random.default_rng(34)
    return random.integers(0, 256, (count, 64, 64, 3), dtype="uint8")


def crop(photo: tf.Tensor) -> tf.Tensor:
    bird = tf.image.central_crop(tf.cast(photo, tf.float32) / 255, 0.8)
    bird = tf.image.resize(bird, (SIDE, SIDE))
    grey = tf.image.rgb_to_grayscale(bird)
    return tf.concat([bird - tf.reduce_mean(bird), grey], axis=-1)


def feeding_place(count: int) -> tf.data.Dataset:
    dataset = tf.data.Dataset.from_tensor_slices(photos(count))
    dataset = dataset.map(crop, num_parallel_calls=tf.data.AUTOTUNE)
    return dataset.batch(64).prefetch(tf.data.AUTOTUNE)


def namer() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 4)),
            layers.Conv2D(8, 5, strides=2, activation="relu"),
            layers.Conv2D(16, 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def main() -> None:
    settings()
    names = namer().predict(feeding_place(1500), verbose=0)
    print("photos", len(names), "names", np.round(names.sum(axis=0), 1)[:5])


main()

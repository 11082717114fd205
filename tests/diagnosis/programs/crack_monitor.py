"""Look for cracks in the pictures of a bridge and keep the mean of each picture's heat map."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

PICTURES = 60


class CrackMonitor:
    def __init__(self):
        keras.utils.set_random_seed(170)
        picture = keras.Input((128, 128, 3))
        x = picture
        for filters in (16, 16, 32, 32):
            y = layers.Conv2D(filters, 3, padding="same")(x)
            y = layers.BatchNormalization()(y)
            x = layers.LeakyReLU()(y)
        self.model = keras.Model(picture, layers.Conv2D(1, 1, activation="sigmoid")(x))
        self.blame = None

    def look(self, picture):
        picture = tf.constant(picture[None])
        with tf.GradientTape() as tape:
            tape.watch(picture)
            heat = self.model(picture, training=False)
            cracked = tf.reduce_max(heat)
        self.blame = tape.gradient(cracked, picture)
        return float(tf.reduce_mean(heat)), float(cracked)


def pictures():
    rng = np.random.default_rng(171)
    for _ in range(PICTURES):
        yield rng.random((128, 128, 3), "float32")


def main():
    monitor = CrackMonitor()
    seen = np.array([monitor.look(picture) for picture in pictures()])
    print("pictures", len(seen), "mean", round(float(seen[:, 0].mean()), 4))
    print("worst", round(float(seen[:, 1].max()), 4), "at", int(seen[:, 1].argmax()))


if __name__ == "__main__":
    main()

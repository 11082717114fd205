"""Vote of five leaf-disease classifiers over a folder of images."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"

import tempfile
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

IMAGES = 200
RAW = 128
SIDE = 61
MEMBERS = 5
LABELS = ["healthy", "rust", "blight", "mildew"]


def write_images(folder, rng):
    paths = []
    for i in range(IMAGES):
        coarse = rng.integers(40, 220, (RAW // 8, RAW // 8, 3))
        image = coarse.repeat(8, axis=0).repeat(8, axis=1)
        image = image + rng.integers(-20, 20, image.shape)
        path = os.path.join(folder, f"leaf_{i:04d}.npy")
        np.save(path, image.clip(0, 255).astype("uint8"))
        paths.append(path)
    return paths


def read_leaf(path):
    image = np.load(path.decode()).astype("float32")
    grey = image.mean(axis=2)
    windows = np.lib.stride_tricks.sliding_window_view(grey, (7, 7))
    background = np.median(windows, axis=(2, 3))
    flat = image[3:-3, 3:-3] / (background[..., None] + 1.0)
    return np.ascontiguousarray(flat[::2, ::2], dtype="float32")


def load(path):
    image = tf.numpy_function(read_leaf, [path], tf.float32)
    image.set_shape((SIDE, SIDE, 3))
    return image


def build_member(width):
    inputs = keras.Input((SIDE, SIDE, 3))
    x = layers.Conv2D(width, 3, strides=2, activation="relu")(inputs)
    x = layers.Conv2D(2 * width, 3, strides=2, activation="relu")(x)
    x = layers.Conv2D(2 * width, 3, strides=2, activation="relu")(x)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(len(LABELS), activation="softmax")(x)
    return keras.Model(inputs, outputs)


def main():
    keras.utils.set_random_seed(5)
    members = [build_member(12 + 2 * i) for i in range(MEMBERS)]
    with tempfile.TemporaryDirectory() as folder:
        paths = write_images(folder, np.random.default_rng(5))
        leaves = tf.data.Dataset.from_tensor_slices(paths)
        leaves = leaves.map(load).batch(40).prefetch(2)

        started = time.perf_counter()
        votes = np.zeros((IMAGES, len(LABELS)), "float32")
        for number, member in enumerate(members):
            votes += member.predict(leaves, verbose=0)
            print(f"member {number}: {time.perf_counter() - started:.1f} s")
        votes /= MEMBERS
    counts = np.bincount(votes.argmax(axis=1), minlength=len(LABELS))
    for label, count in zip(LABELS, counts):
        print(f"{label:<8} {count}")


if __name__ == "__main__":
    main()

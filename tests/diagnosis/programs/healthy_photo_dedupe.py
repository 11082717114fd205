"""Finds near-duplicate photos in a folder by the cosine similarity of CNN embeddings."""

import os
import tempfile
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

SIDE = 128
BATCH = 64


def fill_folder(folder, n=700, seed=21):
    """Writes n JPEG files; about every tenth is a brighter copy of an earlier one."""
    rng = np.random.default_rng(seed)
    pictures = []
    for i in range(n):
        if i > 20 and rng.random() < 0.1:
            picture = np.clip(pictures[rng.integers(len(pictures))] * 1.05, 0, 255)
        else:
            picture = rng.integers(0, 255, (8, 8, 3)).repeat(SIDE // 8, axis=0).repeat(SIDE // 8, axis=1)
        pictures.append(picture)
        data = tf.io.encode_jpeg(tf.constant(picture.astype("uint8")), quality=90)
        tf.io.write_file(os.path.join(folder, f"img_{i:05d}.jpg"), data)


def conv_block(x, filters, strides=1):
    x = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def build_encoder(dim=128):
    inputs = layers.Input((SIDE, SIDE, 3))
    x = layers.Rescaling(1 / 127.5, offset=-1.0)(inputs)
    x = conv_block(x, 32, strides=2)
    x = conv_block(x, 64)
    for filters in (128, 192):
        x = conv_block(x, filters, strides=2)
        x = conv_block(x, filters)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(dim)(x)
    return keras.Model(inputs, layers.UnitNormalization()(x), name="encoder")


def read_image(path):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(tf.cast(image, tf.float32), (SIDE, SIDE))
    return tf.ensure_shape(image, (SIDE, SIDE, 3))


def image_dataset(paths):
    return (
        tf.data.Dataset.from_tensor_slices(paths)
        .map(read_image, num_parallel_calls=tf.data.AUTOTUNE)
        .batch(BATCH)
        .prefetch(tf.data.AUTOTUNE)
    )


def near_duplicates(embeddings, threshold, block=256):
    pairs = []
    for start in range(0, len(embeddings), block):
        similarity = embeddings[start : start + block] @ embeddings.T
        rows, cols = np.nonzero(similarity > threshold)
        rows += start
        keep = rows < cols
        pairs.extend(zip(rows[keep].tolist(), cols[keep].tolist()))
    return pairs


if __name__ == "__main__":
    keras.utils.set_random_seed(8)
    with tempfile.TemporaryDirectory() as folder:
        fill_folder(folder)
        paths = sorted(os.path.join(folder, name) for name in os.listdir(folder))
        encoder = build_encoder()
        start = time.time()
        embeddings = encoder.predict(image_dataset(paths), verbose=0)
        embedded = time.time()
    centred = embeddings - embeddings.mean(axis=0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    pairs = near_duplicates(centred, threshold=0.995)
    print(
        f"{len(paths)} photos embedded in {embedded - start:.1f}s, "
        f"{len(pairs)} near-duplicate pairs, search {time.time() - embedded:.2f}s"
    )

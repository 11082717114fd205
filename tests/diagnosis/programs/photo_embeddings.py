"""Nightly job: embeds the new photos of the archive for similarity search."""

import os
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

SIDE, DIM, BATCH = 64, 512, 64


def build_encoder():
    inp = keras.Input((SIDE, SIDE, 3))
    x = inp
    for filters in (32, 64, 128, 256):
        x = layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inp, layers.UnitNormalization()(layers.Dense(DIM)(x)))


class EmbeddingArchive:
    def __init__(self, path):
        self.path = path
        self.ids = []
        self.blocks = []

    def __len__(self):
        return sum(len(b) for b in self.blocks)

    def extend(self, ids, vectors):
        self.ids.extend(ids)
        self.blocks.append(vectors)
        self._flush()

    def _flush(self):
        part = self.path + ".part.npz"
        np.savez_compressed(part, ids=np.array(self.ids), vectors=np.concatenate(self.blocks))
        os.replace(part, self.path)


class Embedder:
    def __init__(self):
        model = build_encoder()

        @tf.function(input_signature=[tf.TensorSpec([None, SIDE, SIDE, 3], tf.uint8)])
        def forward(pixels):
            return model(tf.cast(pixels, tf.float32) / 127.5 - 1.0, training=False)

        self.forward = forward

    def embed(self, pixels):
        return self.forward(pixels).numpy()


def new_photos(rng, batches):
    for b in range(batches):
        names = [f"2024/{b:03d}/{i:04d}.jpg" for i in range(BATCH)]
        yield names, rng.integers(0, 256, (BATCH, SIDE, SIDE, 3), dtype=np.uint8)


def main():
    keras.utils.set_random_seed(9)
    rng = np.random.default_rng(9)
    embedder = Embedder()
    with tempfile.TemporaryDirectory() as folder:
        archive = EmbeddingArchive(os.path.join(folder, "photos.npz"))
        start = time.perf_counter()
        for names, pixels in new_photos(rng, 72):
            archive.extend(names, embedder.embed(pixels))
        took = time.perf_counter() - start
        size = os.path.getsize(archive.path) / 1e6
        print(f"{len(archive)} photos in {took:.1f} s, index {size:.1f} MB")
        with np.load(archive.path) as stored:
            sims = stored["vectors"] @ stored["vectors"][0]
            print("closest to the first:", stored["ids"][np.argsort(-sims)[1:4]].tolist())


if __name__ == "__main__":
    main()

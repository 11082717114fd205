# Land cover of the parcels of one municipality from 4-band aerial tiles.
# Output: parcel_cover.npz with class probabilities per tile.
import os
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

CLASSES = ["arable", "meadow", "orchard", "forest", "water", "sealed", "building", "bare soil"]
TILE = 64
BATCH = 32
N_TILES = 960

keras.utils.set_random_seed(83)


def residual(x, width):
    y = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
    y = layers.Conv2D(width, 3, padding="same")(y)
    return layers.Activation("relu")(layers.add([x, y]))


def land_cover_net():
    tile = keras.Input((TILE, TILE, 4), name="tile")
    x = layers.Rescaling(1 / 255)(tile)
    x = layers.Conv2D(48, 3, padding="same", activation="relu")(x)
    x = residual(x, 48)
    x = layers.Conv2D(96, 3, strides=2, padding="same", activation="relu")(x)
    x = residual(x, 96)
    x = layers.Conv2D(192, 3, strides=2, padding="same", activation="relu")(x)
    x = residual(x, 192)
    x = residual(x, 192)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(tile, layers.Dense(len(CLASSES), activation="softmax")(x), name="cover")


def read_tiles(count):
    """Synthetic orthophoto tiles: smooth ground, a field edge, sensor noise."""
    rng = np.random.default_rng(83)
    ground = rng.integers(30, 200, size=(count, 1, 1, 4))
    other = rng.integers(30, 200, size=(count, 1, 1, 4))
    edge = rng.integers(8, TILE - 8, size=(count, 1, 1, 1))
    side = np.arange(TILE)[None, :, None, None] < edge
    tiles = np.where(side, ground, other).astype(np.uint8)
    tiles = np.broadcast_to(tiles, (count, TILE, TILE, 4)).copy()
    tiles += rng.integers(0, 25, size=tiles.shape, dtype=np.uint8)
    return tiles


tiles = read_tiles(N_TILES)
dataset = (
    tf.data.Dataset.from_tensor_slices(tiles)
    .batch(BATCH)
    .map(lambda t: tf.cast(t, tf.float32), num_parallel_calls=tf.data.AUTOTUNE)
    .prefetch(tf.data.AUTOTUNE)
)

model = land_cover_net()
model.summary(line_length=90)

start = time.perf_counter()
probabilities = model.predict(dataset, verbose=0)
elapsed = time.perf_counter() - start

cover = probabilities.argmax(axis=1)
share = np.bincount(cover, minlength=len(CLASSES)) / len(cover)
for name, part in sorted(zip(CLASSES, share), key=lambda p: -p[1]):
    print(f"{name:10s} {100 * part:5.1f} %")

with tempfile.TemporaryDirectory() as folder:
    target = os.path.join(folder, "parcel_cover.npz")
    np.savez(target, probabilities=probabilities, classes=np.array(CLASSES))
    print(f"{os.path.basename(target)}: {os.path.getsize(target)} bytes")

print(f"{N_TILES} tiles in {elapsed:.1f} s ({N_TILES / elapsed:.0f} tiles/s)")

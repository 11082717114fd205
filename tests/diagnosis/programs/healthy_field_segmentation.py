"""Crop maps from satellite scenes: U-Net over the tiles of each scene."""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers

TILE, ROWS, COLS = 192, 4, 8
CROPS = ["soil", "wheat", "maize", "beet", "grass"]


def double_conv(x, filters):
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    return layers.Conv2D(filters, 3, padding="same", activation="relu")(x)


def build_unet(base=24, depth=3):
    inp = keras.Input((TILE, TILE, 3))
    x, skips = inp, []
    for level in range(depth):
        x = double_conv(x, base * 2**level)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = double_conv(x, base * 2**depth)
    for level in reversed(range(depth)):
        x = layers.Conv2DTranspose(base * 2**level, 2, strides=2)(x)
        x = double_conv(layers.Concatenate()([skips[level], x]), base * 2**level)
    return keras.Model(inp, layers.Conv2D(len(CROPS), 1)(x))


def to_tiles(scene):
    grid = scene.reshape(ROWS, TILE, COLS, TILE, 3)
    return np.ascontiguousarray(grid.transpose(0, 2, 1, 3, 4)).reshape(-1, TILE, TILE, 3)


def to_scene(tiles):
    grid = tiles.reshape(ROWS, COLS, TILE, TILE)
    return grid.transpose(0, 2, 1, 3).reshape(ROWS * TILE, COLS * TILE)


def crop_shares(model, scene):
    logits = model.predict(to_tiles(scene), batch_size=8, verbose=0)
    crop_map = to_scene(logits.argmax(axis=-1))
    return np.bincount(crop_map.ravel(), minlength=len(CROPS)) / crop_map.size


def main():
    keras.utils.set_random_seed(2)
    rng = np.random.default_rng(2)
    model = build_unet()
    model.compile(jit_compile=False)
    start = time.perf_counter()
    for number in range(4):
        scene = rng.random((ROWS * TILE, COLS * TILE, 3), dtype=np.float32)
        shares = crop_shares(model, scene)
        print(f"scene {number}:", {c: round(float(s), 3) for c, s in zip(CROPS, shares)})
    print(f"{time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()

"""Find roofs on an aerial picture: cut it in tiles and segment each with a small U-Net."""

import keras
import numpy as np
from keras import layers

TILE = 64
keras.utils.set_random_seed(3)


def unet() -> keras.Model:
    picture = keras.Input((TILE, TILE, 3))
    first = layers.Conv2D(8, 3, padding="same", activation="relu")(picture)
    second = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(first)
    third = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")(second)
    up = layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation="relu")(third)
    up = layers.Concatenate()([up, second])
    up = layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu")(up)
    up = layers.Concatenate()([up, first])
    return keras.Model(picture, layers.Conv2D(1, 1, activation="sigmoid")(up))


def aerial_picture(height: int, width: int) -> np.ndarray:
    random = np.random.default_rng(8)
    coarse = random.random((height // 16, width // 16, 3)).astype("float32")
    return coarse.repeat(16, axis=0).repeat(16, axis=1)


def segment(model: keras.Model, picture: np.ndarray) -> np.ndarray:
    height, width, _ = picture.shape
    mask = np.zeros((height, width), dtype="float32")
    corners = [(top, left) for top in range(0, height, TILE) for left in range(0, width, TILE)]
    tiles = np.stack([picture[top : top + TILE, left : left + TILE] for top, left in corners])
    found = model.predict(tiles, verbose=0)
    for (top, left), part in zip(corners, found, strict=True):
        mask[top : top + TILE, left : left + TILE] = part[:, :, 0]
    return mask


def main() -> None:
    model = unet()
    picture = aerial_picture(TILE * 9, TILE * 14)
    mask = segment(model, picture)
    print("mask", mask.shape, "mean", round(float(mask.mean()), 4))
    print("columns", np.round(mask.mean(axis=0)[:: TILE * 4], 3))


main()

"""Segment tissue from a memory-mapped slide; reading a batch is one slice of the file."""

import tempfile
from pathlib import Path

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(208)


class Slide(keras.utils.PyDataset):
    def __init__(self, path: Path, size: int) -> None:
        super().__init__()
        self.pixels = np.load(path, mmap_mode="r")
        self.size = size

    def __len__(self) -> int:
        return (len(self.pixels) + self.size - 1) // self.size

    def __getitem__(self, index: int) -> np.ndarray:
        return np.asarray(self.pixels[index * self.size : (index + 1) * self.size])


def segmenter() -> keras.Model:
    tile = keras.Input((64, 64, 3))
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(tile)
    y = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)
    y = layers.Conv2D(64, 3, padding="same", activation="relu")(y)
    y = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(y)
    return keras.Model(tile, layers.Conv2D(1, 1)(layers.Concatenate()([x, y])))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "slide.npy"
        np.save(path, np.random.default_rng(8).random((480, 64, 64, 3), dtype="float32"))
        mask = segmenter().predict(Slide(path, 32), verbose=0)
    print("tiles", len(mask), "mean", round(float(mask.mean()), 3))


if __name__ == "__main__":
    main()

"""Screen photographs of leaves for mildew: excess green, cut to a square, then a small convolutional net."""

import keras
import numpy as np
from keras import layers

SIDE = 96
PHOTOS = 140


def network():
    keras.utils.set_random_seed(21)
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax"),
        ]
    )


def photographs(count):
    rng = np.random.default_rng(2)
    return rng.integers(0, 256, (count, 144, 128, 3), dtype="uint8")


def excess_green(photo):
    red, green, blue = np.moveaxis(photo.astype("float64"), -1, 0)
    total = red + green + blue + 1e-6
    return ((2 * green - red - blue) / total).astype("float32")


def square(plane):
    top = (plane.shape[0] - SIDE) // 2
    left = (plane.shape[1] - SIDE) // 2
    return plane[top : top + SIDE, left : left + SIDE, None]


def main():
    model = network()
    planes = np.stack([square(excess_green(photo)) for photo in photographs(PHOTOS)])
    classes = model.predict(planes, batch_size=16, verbose=0)
    print("photos", len(classes), "by class", np.bincount(classes.argmax(1), minlength=3).tolist())
    print("mean", np.round(classes.mean(0), 4).tolist())


if __name__ == "__main__":
    main()

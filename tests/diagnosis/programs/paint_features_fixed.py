"""Describe paintings by what three depths of a convolutional net see in them."""

import keras
import numpy as np
from keras import layers

PAINTINGS = 36


def backbone():
    keras.utils.set_random_seed(70)
    image = keras.Input((80, 80, 3))
    x = image
    for depth, filters in enumerate((8, 16, 24, 32)):
        x = layers.Conv2D(filters, 3, padding="same", name=f"conv{depth}")(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU(name=f"seen{depth}")(x)
        x = layers.MaxPooling2D()(x)
    return keras.Model(image, layers.Dense(20, name="style")(layers.GlobalAveragePooling2D()(x)))


def probe_of(net):
    return keras.Model(net.inputs, [net.get_layer(f"seen{depth}").output for depth in (0, 1, 3)])


def gram(maps):
    flat = maps.reshape(-1, maps.shape[-1])
    return flat.T @ flat / len(flat)


def describe(probe, image):
    parts = []
    for maps in probe.predict_on_batch(image[None]):
        maps = maps[0]
        parts.append(gram(maps)[np.triu_indices(maps.shape[-1])])
    return np.concatenate(parts)


def main():
    probe = probe_of(backbone())
    paintings = np.random.default_rng(71).random((PAINTINGS, 80, 80, 3), "float32")
    described = np.stack([describe(probe, painting) for painting in paintings])
    distance = np.linalg.norm(described[:, None] - described[None], axis=-1)
    print("described", described.shape, "mean", round(float(described.mean()), 5))
    print("farthest", round(float(distance.max()), 4))


if __name__ == "__main__":
    main()

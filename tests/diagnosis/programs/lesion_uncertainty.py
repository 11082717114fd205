"""Class probabilities with an uncertainty estimate for a set of skin photographs."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"

import time

import keras
import numpy as np
from keras import layers

SIDE = 96
PHOTOS = 64
PASSES = 40
CLASSES = ["naevus", "melanoma", "keratosis", "other"]


class MCDropout(layers.Dropout):
    def call(self, inputs, training=None):
        return super().call(inputs, training=True)


def conv(x, filters, stride):
    x = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return layers.Activation("relu")(x)


def build_model():
    inputs = keras.Input((SIDE, SIDE, 3))
    x = conv(inputs, 32, 1)
    x = conv(x, 64, 2)
    x = conv(x, 128, 2)
    x = conv(x, 128, 1)
    x = conv(x, 128, 2)
    x = conv(x, 256, 1)
    x = layers.GlobalAveragePooling2D(name="embedding")(x)
    x = layers.Dense(256, activation="relu")(x)
    x = MCDropout(0.4)(x)
    x = layers.Dense(64, activation="relu")(x)
    x = MCDropout(0.4)(x)
    outputs = layers.Dense(len(CLASSES), activation="softmax")(x)
    return keras.Model(inputs, outputs, name="lesions")


def load_photos(rng):
    coarse = rng.uniform(0, 1, (PHOTOS, SIDE // 8, SIDE // 8, 3))
    photos = coarse.repeat(8, axis=1).repeat(8, axis=2)
    return (photos + rng.normal(0, 0.05, photos.shape)).astype("float32")


def sample(model, photos, passes):
    draws = []
    for _ in range(passes):
        draws.append(model.predict(photos, batch_size=32, verbose=0))
    return np.stack(draws)


def summarise(draws):
    mean = draws.mean(axis=0)
    entropy = -(mean * np.log(mean + 1e-9)).sum(axis=1)
    within = -(draws * np.log(draws + 1e-9)).sum(axis=2).mean(axis=0)
    return mean, entropy, entropy - within


def main():
    keras.utils.set_random_seed(21)
    model = build_model()
    photos = load_photos(np.random.default_rng(21))
    started = time.perf_counter()
    draws = sample(model, photos, PASSES)
    seconds = time.perf_counter() - started
    mean, entropy, information = summarise(draws)
    for i in np.argsort(-information)[:8]:
        label = CLASSES[int(mean[i].argmax())]
        print(f"photo {i:3d}  {label:<10} H={entropy[i]:.3f}  I={information[i]:.4f}")
    print(f"{PHOTOS} photos, {PASSES} passes, {seconds:.1f} s")


if __name__ == "__main__":
    main()

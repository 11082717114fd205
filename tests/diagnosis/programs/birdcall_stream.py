"""Tag bird calls in a field recording, clip after clip, as they come in."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"

import time

import keras
import numpy as np
from keras import layers

SPECIES = ["blackbird", "chaffinch", "great tit", "robin", "wren", "none"]
RATE = 16000
CLIP = 24000
FRAME = 512
HOP = 256
BANDS = 64
FRAMES = (CLIP - FRAME) // HOP + 1
CLIPS = 24

WINDOW = np.hanning(FRAME).astype("float32")
EDGES = np.linspace(0, FRAME // 2 + 1, BANDS + 1).astype(int)[:-1]


def residual_block(x, filters, cardinality, stride):
    shortcut = x
    y = layers.Conv2D(filters, 1, use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    y = layers.Activation("relu")(y)
    y = layers.Conv2D(filters, 3, strides=stride, padding="same", groups=cardinality, use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    y = layers.Activation("relu")(y)
    y = layers.Conv2D(filters, 1, use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    if stride != 1 or x.shape[-1] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
        shortcut = layers.BatchNormalization()(shortcut)
    return layers.Activation("relu")(layers.Add()([y, shortcut]))


def build_tagger():
    inputs = keras.Input((FRAMES, BANDS, 1))
    x = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")(inputs)
    x = residual_block(x, 64, 8, 1)
    x = residual_block(x, 64, 8, 1)
    x = residual_block(x, 128, 8, 2)
    x = residual_block(x, 128, 8, 1)
    x = residual_block(x, 256, 8, 2)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(len(SPECIES), activation="softmax")(x)
    return keras.Model(inputs, outputs, name="tagger")


def spectrogram(signal):
    frames = np.lib.stride_tricks.sliding_window_view(signal, FRAME)[::HOP]
    power = np.abs(np.fft.rfft(frames * WINDOW, axis=1)) ** 2
    bands = np.add.reduceat(power, EDGES, axis=1)
    return np.log(bands + 1e-6).astype("float32")[..., None]


def microphone(rng, count):
    t = np.arange(CLIP, dtype="float32") / RATE
    for _ in range(count):
        start, sweep = rng.uniform(1500, 5000), rng.uniform(-800, 800)
        call = np.sin(2 * np.pi * (start * t + sweep * t * t))
        noise = rng.normal(0.0, 0.3, CLIP)
        yield (call * np.hanning(CLIP) + noise).astype("float32")


class Tagger:
    def __init__(self):
        self.model = build_tagger()

    def tag(self, signal):
        x = spectrogram(signal)[None]
        scores = self.model(x, training=False).numpy()[0]
        best = int(scores.argmax())
        return SPECIES[best], float(scores[best])


def main():
    keras.utils.set_random_seed(7)
    tagger = Tagger()
    rng = np.random.default_rng(7)
    started = time.perf_counter()
    for i, signal in enumerate(microphone(rng, CLIPS)):
        name, score = tagger.tag(signal)
        print(f"{i * CLIP / RATE:6.1f} s  {name:<10} {score:.3f}")
    print(f"{CLIPS} clips in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()

"""Recurrent video denoiser: each frame uses the features left by the one before."""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

SIDE, CH = 384, 48
HALF = SIDE // 2


def residual(x):
    h = layers.Conv2D(CH, 3, padding="same", activation="relu")(x)
    h = layers.Conv2D(CH, 3, padding="same")(h)
    return layers.Add()([x, h])


def build_denoiser():
    frame = keras.Input((SIDE, SIDE, 3))
    memory = keras.Input((HALF, HALF, CH))
    x = layers.Conv2D(CH, 3, strides=2, padding="same", activation="relu")(frame)
    x = layers.Concatenate()([x, memory])
    x = layers.Conv2D(CH, 3, padding="same", activation="relu")(x)
    for _ in range(3):
        x = residual(x)
    noise = layers.Conv2DTranspose(3, 4, strides=2, padding="same")(x)
    clean = layers.Subtract()([frame, noise])
    return keras.Model([frame, memory], [clean, x])


class Denoiser:
    def __init__(self, model):
        self.memory = tf.zeros((1, HALF, HALF, CH))

        @tf.function(
            input_signature=[
                tf.TensorSpec([1, SIDE, SIDE, 3], tf.float32),
                tf.TensorSpec([1, HALF, HALF, CH], tf.float32),
            ]
        )
        def step(frame, memory):
            clean, memory = model([frame, memory], training=False)
            return tf.clip_by_value(clean, 0.0, 1.0), tf.tanh(memory)

        self.step = step

    def __call__(self, frame):
        clean, self.memory = self.step(frame[None], self.memory)
        return clean[0].numpy()


def clip(rng, frames):
    axis = np.linspace(0, 6, SIDE, dtype=np.float32)
    for t in range(frames):
        plane = 0.5 + 0.4 * np.sin(axis[:, None] + 0.1 * t) * np.cos(axis[None, :])
        grain = rng.standard_normal((SIDE, SIDE, 3), dtype=np.float32)
        yield plane[..., None] + np.float32(0.05) * grain


def main():
    keras.utils.set_random_seed(6)
    denoise = Denoiser(build_denoiser())
    change = []
    start = time.perf_counter()
    for frame in clip(np.random.default_rng(6), 48):
        change.append(float(np.abs(denoise(frame) - frame).mean()))
    took = time.perf_counter() - start
    print(f"{len(change)} frames, {took:.1f} s, mean change {np.mean(change):.4f}")


if __name__ == "__main__":
    main()

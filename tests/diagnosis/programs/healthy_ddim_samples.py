"""Draw images from a small denoising diffusion model (DDIM, deterministic sampling)."""

import os
import tempfile
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

IMAGE = 32
BATCH = 32
STEPS = 20
MIN_RATE, MAX_RATE = 0.02, 0.95


@keras.saving.register_keras_serializable()
class NoiseEmbedding(layers.Layer):
    def __init__(self, dims=32, **kwargs):
        super().__init__(**kwargs)
        self.dims = dims

    def call(self, x):
        freqs = ops.exp(ops.linspace(0.0, float(np.log(1000.0)), self.dims // 2))
        angles = 2.0 * np.pi * freqs * x
        return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)


def residual(x, width):
    skip = x if x.shape[-1] == width else layers.Conv2D(width, 1)(x)
    x = layers.GroupNormalization(8)(x)
    x = layers.Conv2D(width, 3, padding="same", activation="swish")(x)
    x = layers.Conv2D(width, 3, padding="same")(x)
    return layers.Add()([x, skip])


def build_unet(widths=(48, 96, 128)):
    noisy = keras.Input((IMAGE, IMAGE, 3))
    rate = keras.Input((1, 1, 1))
    emb = layers.UpSampling2D(IMAGE)(NoiseEmbedding()(rate))
    x = layers.Concatenate()([layers.Conv2D(widths[0] - 16, 1)(noisy), layers.Conv2D(16, 1)(emb)])
    skips = []
    for width in widths[:-1]:
        for _ in range(2):
            x = residual(x, width)
            skips.append(x)
        x = layers.AveragePooling2D(2)(x)
    for _ in range(2):
        x = residual(x, widths[-1])
    for width in reversed(widths[:-1]):
        x = layers.UpSampling2D(interpolation="bilinear")(x)
        for _ in range(2):
            x = residual(layers.Concatenate()([x, skips.pop()]), width)
    return keras.Model([noisy, rate], layers.Conv2D(3, 1)(x))


class Sampler:
    def __init__(self, network):
        self.network = network
        self.angles = np.linspace(np.arccos(MIN_RATE), np.arccos(MAX_RATE), STEPS + 1).astype("float32")

    @tf.function(
        input_signature=[tf.TensorSpec((BATCH, IMAGE, IMAGE, 3)), tf.TensorSpec(()), tf.TensorSpec(())]
    )
    def step(self, x, angle, next_angle):
        noise_rate, signal_rate = tf.sin(angle), tf.cos(angle)
        rates = tf.fill((BATCH, 1, 1, 1), noise_rate**2)
        noise = self.network([x, rates], training=False)
        image = (x - noise_rate * noise) / signal_rate
        return tf.cos(next_angle) * image + tf.sin(next_angle) * noise

    def sample(self, seed):
        x = tf.random.stateless_normal((BATCH, IMAGE, IMAGE, 3), (seed, 0))
        for now, nxt in zip(self.angles[:-1], self.angles[1:]):
            x = self.step(x, tf.constant(now), tf.constant(nxt))
        return np.clip(x.numpy() * 0.25 + 0.5, 0.0, 1.0)


if __name__ == "__main__":
    keras.utils.set_random_seed(6)
    sampler = Sampler(build_unet())
    t0 = time.time()
    images = np.concatenate([sampler.sample(seed) for seed in (1, 2)])
    grid = images.reshape(8, 8, IMAGE, IMAGE, 3).swapaxes(1, 2).reshape(8 * IMAGE, 8 * IMAGE, 3)
    with tempfile.TemporaryDirectory() as out:
        path = os.path.join(out, "grid.png")
        keras.utils.save_img(path, grid)
        print(
            f"{len(images)} images, mean {images.mean():.3f}, std {images.std():.3f}, "
            f"png {os.path.getsize(path) // 1024} kB, {time.time() - t0:.1f}s"
        )

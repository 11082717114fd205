"""Apply a few painting styles to one photo and write the results as PNG files."""

import os
import tempfile
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

SIZE = 192
STEPS = 30
CONTENT_LAYER = "b3_c2"
STYLE_LAYERS = ["b1_c1", "b2_c1", "b3_c1"]


def synth_image(seed, waves):
    rng = np.random.default_rng(seed)
    yy, xx = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    img = np.zeros((SIZE, SIZE, 3))
    for _ in range(waves):
        fx, fy, phase = rng.uniform(-20, 20), rng.uniform(-20, 20), rng.uniform(0, 6.28)
        img += np.sin(fx * xx + fy * yy + phase)[..., None] * rng.uniform(0, 1, 3)
    return ((img - img.min()) / (img.max() - img.min())).astype("float32")


def build_extractor():
    x = inp = keras.Input((SIZE, SIZE, 3))
    outputs = {}
    for block, width in enumerate((32, 64, 128), start=1):
        for conv in (1, 2):
            name = f"b{block}_c{conv}"
            x = layers.Conv2D(
                width, 3, padding="same", activation="relu", kernel_initializer="he_normal", name=name
            )(x)
            if name == CONTENT_LAYER or name in STYLE_LAYERS:
                outputs[name] = x
        x = layers.AveragePooling2D(2)(x)
    return keras.Model(inp, outputs)


def gram(feat):
    flat = tf.reshape(feat, (-1, feat.shape[-1]))
    return tf.matmul(flat, flat, transpose_a=True) / tf.cast(tf.size(feat), tf.float32)


class StyleTransfer:
    def __init__(self, extractor, style_weight=40.0, tv_weight=1e-5):
        self.extractor = extractor
        self.style_weight = style_weight
        self.tv_weight = tv_weight
        self.image = tf.Variable(tf.zeros((1, SIZE, SIZE, 3)))
        self.optimizer = keras.optimizers.Adam(0.02)
        self.optimizer.build([self.image])

    def loss(self, content, style):
        feats = self.extractor(tf.concat([content, style, self.image], axis=0))
        c = feats[CONTENT_LAYER]
        total = tf.reduce_mean(tf.square(c[2] - c[0]))
        for name in STYLE_LAYERS:
            f = feats[name]
            total += self.style_weight * tf.reduce_sum(tf.square(gram(f[1]) - gram(f[2])))
        return total + self.tv_weight * tf.reduce_sum(tf.image.total_variation(self.image))

    @tf.function
    def step(self, content, style):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(self.image)
            value = self.loss(content, style)
        self.optimizer.apply_gradients([(tape.gradient(value, self.image), self.image)])
        self.image.assign(tf.clip_by_value(self.image, 0.0, 1.0))
        return value

    def run(self, content, style):
        self.image.assign(content)
        for _ in range(STEPS):
            value = self.step(content, style)
        return float(value), self.image.numpy()[0]


if __name__ == "__main__":
    keras.utils.set_random_seed(7)
    job = StyleTransfer(build_extractor())
    content = tf.constant(synth_image(1, 25)[None])
    with tempfile.TemporaryDirectory() as out:
        for k, waves in enumerate((4, 60)):
            t0 = time.time()
            value, img = job.run(content, tf.constant(synth_image(100 + k, waves)[None]))
            keras.utils.save_img(os.path.join(out, f"style{k}.png"), img)
            print(f"style {k}: loss {value:.4f} in {time.time() - t0:.1f}s")
        print("written:", sorted(os.listdir(out)))

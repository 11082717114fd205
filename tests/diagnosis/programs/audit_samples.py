"""Audit a defect classifier: repeat it on random samples of the archive, report the spread."""

import pathlib
import tempfile

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from PIL import Image

N_IMAGES = 480
SAMPLE = 64
ROUNDS = 7
CLASSES = ("ok", "scratch", "dent", "stain")


def write_archive(folder):
    rng = np.random.default_rng(9)
    base = rng.integers(60, 190, (40, 40, 3), dtype=np.uint8)
    canvas = np.asarray(Image.fromarray(base).resize((640, 640), Image.BICUBIC)).astype(np.int16)
    for i in range(N_IMAGES):
        dy, dx = rng.integers(0, 160, 2)
        tile = canvas[dy : dy + 480, dx : dx + 480] + rng.integers(-25, 25)
        tile = np.clip(tile, 0, 255).astype(np.uint8)
        Image.fromarray(tile).save(folder / f"{CLASSES[i % 4]}_{i:05d}.jpg", quality=90)


def label_of(path):
    stem = tf.strings.split(path, "/")[-1]
    hit = tf.strings.split(stem, "_")[0] == tf.constant(CLASSES)
    return tf.argmax(tf.cast(hit, tf.int32))


def load(path):
    img = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    img = tf.image.central_crop(img, 0.9)
    img = tf.image.resize(img, (96, 96), antialias=True)
    return tf.image.per_image_standardization(img), label_of(path)


def make_dataset(paths, seed):
    ds = tf.data.Dataset.from_tensor_slices(paths)
    ds = ds.map(load, num_parallel_calls=tf.data.AUTOTUNE)
    return ds.shuffle(len(paths), seed=seed)


class DefectNet(keras.Model):
    def __init__(self):
        super().__init__()
        self.blocks = [
            layers.Conv2D(w, 3, strides=2, padding="same", activation="relu") for w in (32, 64, 96)
        ]
        self.pool = layers.GlobalAveragePooling2D()
        self.head = layers.Dense(len(CLASSES), activation="softmax")

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(self.pool(x))


def evaluate_round(model, paths, seed):
    ds = make_dataset(paths, seed).take(SAMPLE).batch(32).prefetch(tf.data.AUTOTUNE)
    probs, labels = [], []
    for x, y in ds:
        probs.append(model.predict_on_batch(x))
        labels.append(y.numpy())
    probs, labels = np.concatenate(probs), np.concatenate(labels)
    entropy = -(probs * np.log(probs + 1e-9)).sum(axis=1)
    return (probs.argmax(axis=1) == labels).mean(), entropy.mean()


def main():
    keras.utils.set_random_seed(4)
    model = DefectNet()
    with tempfile.TemporaryDirectory() as tmp:
        folder = pathlib.Path(tmp)
        write_archive(folder)
        paths = sorted(str(p) for p in folder.glob("*.jpg"))
        stats = np.array([evaluate_round(model, paths, seed) for seed in range(ROUNDS)])
    print(
        f"accuracy {stats[:, 0].mean():.3f} +- {stats[:, 0].std():.3f}, "
        f"entropy {stats[:, 1].mean():.3f} over {ROUNDS} samples of {SAMPLE}"
    )


if __name__ == "__main__":
    main()

"""Second opinion for the herbarium digitisation desk.

The scans of a box are packed in one TFRecord file. The curators send a list
of sheet numbers they are unsure about; for every sheet on the list we print
the three genera the classifier considers most likely.
"""

import os
import tempfile
import time
import typing

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

SCAN_SHAPE = (640, 448, 3)
INPUT_SIDE = 160
GENERA = [
    "Carex",
    "Salix",
    "Rubus",
    "Hieracium",
    "Viola",
    "Juncus",
    "Rosa",
    "Galium",
    "Festuca",
    "Poa",
    "Epilobium",
    "Ranunculus",
]


def write_box(path, sheets, seed=29):
    """Pressed-plant look-alikes: paper tone, a stem and blotchy leaves."""
    rng = np.random.default_rng(seed)
    height, width, _ = SCAN_SHAPE
    rows = np.arange(height)[:, None]
    cols = np.arange(width)[None, :]
    with tf.io.TFRecordWriter(path) as writer:
        for n in range(sheets):
            scan = np.full(SCAN_SHAPE, (232, 226, 208), dtype=np.int16)
            stem = np.abs(cols - width // 2 - 40 * np.sin(rows / 90.0 + n)) < 4
            scan[stem] = (96, 84, 40)
            for _ in range(5):
                y, x = rng.integers(40, height - 40), rng.integers(40, width - 40)
                leaf = ((rows - y) / 60.0) ** 2 + ((cols - x) / 26.0) ** 2 < 1
                scan[leaf] = rng.integers(60, 150, size=3)
            scan += rng.integers(-8, 9, size=SCAN_SHAPE, dtype=np.int16)
            jpeg = tf.io.encode_jpeg(np.clip(scan, 0, 255).astype(np.uint8), quality=88)
            feature = {
                "barcode": tf.train.Feature(bytes_list=tf.train.BytesList(value=[f"HB{n:06d}".encode()])),
                "scan": tf.train.Feature(bytes_list=tf.train.BytesList(value=[jpeg.numpy()])),
            }
            example = tf.train.Example(features=tf.train.Features(feature=feature))
            writer.write(example.SerializeToString())


class SheetBox:
    """Random access to the sheets of one box."""

    SPEC: typing.ClassVar = {
        "barcode": tf.io.FixedLenFeature([], tf.string),
        "scan": tf.io.FixedLenFeature([], tf.string),
    }

    def __init__(self, path):
        self.sheets = tf.data.TFRecordDataset(path).map(self._decode, num_parallel_calls=tf.data.AUTOTUNE)

    def _decode(self, record):
        fields = tf.io.parse_single_example(record, self.SPEC)
        scan = tf.io.decode_jpeg(fields["scan"], channels=3)
        scan = tf.image.resize(scan, (INPUT_SIDE, INPUT_SIDE)) / 255.0
        return fields["barcode"], scan

    def __getitem__(self, number):
        for barcode, scan in self.sheets.skip(number).take(1):
            return barcode.numpy().decode(), scan.numpy()
        raise IndexError(number)


def genus_classifier():
    return keras.Sequential(
        [
            keras.Input((INPUT_SIDE, INPUT_SIDE, 3)),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
            layers.SeparableConv2D(32, 3, strides=2, padding="same", activation="relu"),
            layers.SeparableConv2D(64, 3, strides=2, padding="same", activation="relu"),
            layers.SeparableConv2D(96, 3, strides=2, padding="same", activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(len(GENERA), activation="softmax"),
        ]
    )


def review(box, classifier, numbers):
    opinions = {}
    for number in numbers:
        barcode, scan = box[number]
        probabilities = classifier.predict_on_batch(scan[None])[0]
        best = np.argsort(-probabilities)[:3]
        opinions[barcode] = [(GENERA[k], float(probabilities[k])) for k in best]
    return opinions


def main():
    keras.utils.set_random_seed(29)
    sheets = 100
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "box_0417.tfrecord")
        write_box(path, sheets)
        print(f"box with {sheets} sheets, {os.path.getsize(path) / 1e6:.1f} MB")

        doubtful = np.random.default_rng(1).permutation(sheets)
        began = time.perf_counter()
        opinions = review(SheetBox(path), genus_classifier(), [int(n) for n in doubtful])
        took = time.perf_counter() - began

    for barcode in sorted(opinions)[:5]:
        guesses = ", ".join(f"{genus} {p:.2f}" for genus, p in opinions[barcode])
        print(f"{barcode}: {guesses}")
    print(f"{len(opinions)} sheets reviewed in {took:.1f} s")


if __name__ == "__main__":
    main()

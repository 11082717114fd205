"""Counts product facings on shelf photos with a one-stage detector."""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

SIZE, STRIDE = 160, 8
ANCHORS = np.array([12.0, 16.0, 20.0], np.float32)
GRID = SIZE // STRIDE


def build_detector():
    inp = keras.Input((SIZE, SIZE, 3))
    x = inp
    for filters in (16, 32, 64):
        x = layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    out = layers.Conv2D(len(ANCHORS) * 5, 1)(x)
    return keras.Model(inp, out)


def decode(raw):
    raw = raw.reshape(len(raw), GRID, GRID, len(ANCHORS), 5)
    scores = 1.0 / (1.0 + np.exp(-raw[..., 0]))
    cells = (np.arange(GRID, dtype=np.float32) + 0.5) * STRIDE
    cx = cells[None, None, :, None] + np.tanh(raw[..., 1]) * STRIDE / 2
    cy = cells[None, :, None, None] + np.tanh(raw[..., 2]) * STRIDE / 2
    w = ANCHORS * np.exp(np.clip(raw[..., 3], -0.2, 0.2))
    h = ANCHORS * np.exp(np.clip(raw[..., 4], -0.2, 0.2))
    boxes = np.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], axis=-1)
    return boxes.reshape(len(raw), -1, 4), scores.reshape(len(raw), -1)


def iou(a, b):
    iw = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    ih = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    inter = iw * ih
    area_a = (a[2] - a[0]) * (a[3] - a[1])
    area_b = (b[2] - b[0]) * (b[3] - b[1])
    return inter / (area_a + area_b - inter)


def select(boxes, scores, candidates=500, overlap=0.5):
    order = np.argsort(-scores)[:candidates]
    remaining = [(boxes[i], scores[i]) for i in order]
    chosen = []
    while remaining:
        best = remaining.pop(0)
        chosen.append(best)
        remaining = [r for r in remaining if iou(best[0], r[0]) < overlap]
    return chosen


class ShelfAuditor:
    def __init__(self):
        model = build_detector()
        self.forward = tf.function(
            lambda x: model(x, training=False),
            input_signature=[tf.TensorSpec([None, SIZE, SIZE, 3], tf.float32)],
        )

    def audit(self, photos):
        boxes, scores = decode(self.forward(photos).numpy())
        return [len(select(b, s)) for b, s in zip(boxes, scores)]


def main():
    keras.utils.set_random_seed(7)
    rng = np.random.default_rng(7)
    auditor = ShelfAuditor()
    facings = []
    start = time.perf_counter()
    for store in range(10):
        photos = rng.random((8, SIZE, SIZE, 3), dtype=np.float32)
        facings.extend(auditor.audit(photos))
        print(f"store {store}: {sum(facings[-8:])} facings")
    print(f"{len(facings)} photos, {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()

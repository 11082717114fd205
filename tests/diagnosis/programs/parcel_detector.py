"""Count parcels on a conveyor: a one-shot detector proposes boxes, overlapping ones are dropped."""

import keras
import numpy as np
from keras import layers

FRAMES = 6
GRID = 18
ANCHORS = 3
LIMIT = 0.45


def detector():
    keras.utils.set_random_seed(17)
    image = keras.Input((144, 144, 3))
    x = image
    for filters in (8, 16, 24):
        x = layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")(x)
    boxes = layers.Conv2D(ANCHORS * 5, 1)(x)
    return keras.Model(image, layers.Reshape((GRID * GRID * ANCHORS, 5))(boxes))


def decode(raw):
    rows, columns = np.divmod(np.arange(GRID * GRID).repeat(ANCHORS), GRID)
    x = (columns + 0.5 + 0.3 * np.tanh(raw[:, 0])) * 8
    y = (rows + 0.5 + 0.3 * np.tanh(raw[:, 1])) * 8
    half = np.tile([10.0, 14.0, 20.0], GRID * GRID)
    corners = np.stack([x - half, y - half, x + half, y + half], 1)
    return corners, 1 / (1 + np.exp(-raw[:, 4]))


def overlap(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def strongest(corners, scores):
    order = sorted(range(len(scores)), key=lambda number: (-scores[number], number))
    alive = dict.fromkeys(order, True)
    for place, first in enumerate(order):
        for second in order[place + 1 :]:
            if overlap(corners[first], corners[second]) > LIMIT and alive[first]:
                alive[second] = False
    return [number for number in order if alive[number]]


def main():
    model = detector()
    frames = np.random.default_rng(9).random((FRAMES, 144, 144, 3), "float32")
    counts = []
    for frame in frames:
        raw = model.predict_on_batch(frame[None])[0].astype("float64")
        corners, scores = decode(raw)
        kept = strongest(corners, scores)
        counts.append(len(kept))
    print("parcels", counts)


if __name__ == "__main__":
    main()

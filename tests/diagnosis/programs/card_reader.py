"""Read handwritten inspection cards: line images in, text lines out."""

import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers, ops

CHARSET = "".join(chr(c) for c in range(32, 127)) + "§"
LINE_HEIGHT, LINE_WIDTH = 32, 320
BATCH = 24


def make_line_images(count, seed=11):
    """Pen strokes as a random walk with some paper noise."""
    rng = np.random.default_rng(seed)
    images = rng.normal(0.05, 0.02, size=(count, LINE_HEIGHT, LINE_WIDTH)).astype("float32")
    steps = rng.integers(-2, 3, size=(count, LINE_WIDTH))
    heights = np.clip(16 + np.cumsum(steps, axis=1), 1, LINE_HEIGHT - 2)
    rows = np.arange(count)[:, None]
    cols = np.arange(LINE_WIDTH)[None, :]
    for offset, ink in ((-1, 0.5), (0, 1.0), (1, 0.5)):
        images[rows, heights + offset, cols] = ink
    return images[..., None]


def build_recognizer():
    image = keras.Input((LINE_HEIGHT, LINE_WIDTH, 1), name="line")
    x = layers.Conv2D(24, 3, padding="same", activation="relu")(image)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(48, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D((4, 1))(x)
    # (height, width, channels) -> one feature vector per column
    x = layers.Permute((2, 1, 3))(x)
    x = layers.Reshape((LINE_WIDTH // 4, 2 * 64))(x)
    x = layers.Bidirectional(layers.LSTM(64, return_sequences=True))(x)
    logits = layers.Dense(len(CHARSET) + 1, name="char_logits")(x)
    return keras.Model(image, logits, name="card_crnn")


def to_text(labels):
    return "".join(CHARSET[k] for k in labels if k >= 0)


class CardReader:
    def __init__(self):
        self.model = build_recognizer()
        self.blank = len(CHARSET)

    def read(self, images):
        logits = self.model.predict_on_batch(images)
        return self.decode(logits)

    def decode(self, logits):
        lengths = np.full(len(logits), logits.shape[1], dtype="int32")
        paths, scores = ops.ctc_decode(
            logits,
            lengths,
            strategy="beam_search",
            beam_width=100,
            top_paths=1,
            mask_index=self.blank,
        )
        best = ops.convert_to_numpy(paths[0])
        confidence = ops.convert_to_numpy(scores)[:, 0]
        return [(to_text(row), float(c)) for row, c in zip(best, confidence)]


def main():
    keras.utils.set_random_seed(11)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 96
    images = make_line_images(count)
    reader = CardReader()

    lines = []
    t0 = time.time()
    for i in range(0, count, BATCH):
        lines.extend(reader.read(images[i : i + BATCH]))
        print(f"{len(lines):4d} lines, {time.time() - t0:6.1f} s", flush=True)

    lengths = [len(text) for text, _ in lines]
    print(f"mean length {np.mean(lengths):.1f} characters")
    for text, score in lines[:3]:
        print(f"{score:8.2f}  {text!r}")


if __name__ == "__main__":
    main()

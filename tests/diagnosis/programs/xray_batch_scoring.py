"""Nightly job: score all chest studies of the day that the PACS export put in one archive."""

import csv
import math
import os
import tempfile
import time

import keras
import numpy as np
from keras import layers

SIZE = 96


def fake_pacs_export(path, n=1536, seed=11):
    """Stands in for the hospital's exporter: 12 bit pixels, window settings, ids."""
    rng = np.random.default_rng(seed)
    yy, xx = np.mgrid[0:SIZE, 0:SIZE].astype("float32") / SIZE
    pixels = np.empty((n, SIZE, SIZE), "uint16")
    for i in range(n):
        cx, cy, r = rng.uniform(0.3, 0.7, 3)
        body = 2400 * np.exp(-((xx - cx) ** 2 + (yy - cy) ** 2) / (0.4 * r))
        pixels[i] = np.clip(body + rng.normal(0, 40, (SIZE, SIZE)) + 300, 0, 4095)
    np.savez_compressed(
        path,
        pixels=pixels,
        window_center=rng.integers(1200, 1800, n).astype("float32"),
        window_width=rng.integers(1800, 2600, n).astype("float32"),
        study_id=np.array([f"ST{100000 + i}" for i in range(n)]),
    )


class StudyArchive(keras.utils.PyDataset):
    """Batches of windowed images from one export archive."""

    def __init__(self, path, batch_size=24, **kwargs):
        super().__init__(**kwargs)
        self.archive = np.load(path)
        self.batch_size = batch_size
        self.study_ids = self.archive["study_id"]

    def __len__(self):
        return math.ceil(len(self.study_ids) / self.batch_size)

    def _window(self, pixels, rows):
        center = self.archive["window_center"][rows][:, None, None]
        width = self.archive["window_width"][rows][:, None, None]
        low = center - width / 2
        return np.clip((pixels - low) / width, 0.0, 1.0)

    def __getitem__(self, index):
        start = index * self.batch_size
        rows = slice(start, min(start + self.batch_size, len(self.study_ids)))
        pixels = self.archive["pixels"][rows].astype("float32")
        return self._window(pixels, rows)[..., None].astype("float32")


def build_classifier():
    return keras.Sequential(
        [
            layers.Input((SIZE, SIZE, 1)),
            layers.Conv2D(16, 3, strides=2, activation="relu"),
            layers.Conv2D(32, 3, strides=2, activation="relu"),
            layers.Conv2D(48, 3, activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(32, activation="relu"),
            layers.Dense(3, activation="sigmoid"),
        ]
    )


def write_report(path, ids, scores):
    with open(path, "w", newline="") as fh:
        out = csv.writer(fh)
        out.writerow(["study", "effusion", "nodule", "pneumothorax"])
        for sid, row in zip(ids, scores):
            out.writerow([sid] + [f"{v:.4f}" for v in row])


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        export = os.path.join(folder, "day.npz")
        fake_pacs_export(export)
        model = build_classifier()
        t0 = time.time()
        studies = StudyArchive(export)
        scores = model.predict(studies, verbose=0)
        write_report(os.path.join(folder, "report.csv"), studies.study_ids, scores)
        print(
            f"scored {len(scores)} studies in {time.time() - t0:.1f}s, "
            f"mean {scores.mean(axis=0).round(3).tolist()}"
        )

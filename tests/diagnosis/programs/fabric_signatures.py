"""Find similar fabrics: texture signatures from a convolutional backbone."""

import logging
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers, ops

logging.basicConfig(level=logging.INFO, format="%(levelname).1s %(asctime)s %(message)s")
log = logging.getLogger("fabric")

SIDE = 128
STAGES = (32, 64, 128, 256)
WEAVES = 14
TAPS = [f"block{stage}_conv{rep}" for stage in range(1, len(STAGES) + 1) for rep in (1, 2)]


def weave_classifier():
    """The network trained for the weave type; its feature maps describe texture well."""
    image = keras.Input((SIDE, SIDE, 3), name="swatch")
    x = layers.Rescaling(1 / 127.5, offset=-1)(image)
    for stage, width in enumerate(STAGES, 1):
        for rep in (1, 2):
            x = layers.Conv2D(width, 3, padding="same", activation="relu", name=f"block{stage}_conv{rep}")(x)
        x = layers.MaxPooling2D(2, name=f"block{stage}_pool")(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(WEAVES, activation="softmax")(x), name="weaves")


class SignatureExtractor:
    """Mean and peak response per channel for each tapped layer."""

    def __init__(self, backbone, taps=TAPS, batch_size=16):
        self.batch_size = batch_size
        self.extractors = {}
        for tap in taps:
            maps = backbone.get_layer(tap).output
            stats = ops.concatenate([ops.mean(maps, axis=(1, 2)), ops.max(maps, axis=(1, 2))], axis=-1)
            self.extractors[tap] = keras.Model(backbone.input, stats, name=f"sig_{tap}")

    def __call__(self, images):
        parts = []
        for tap, extractor in self.extractors.items():
            stats = extractor.predict(images, batch_size=self.batch_size, verbose=0)
            stats /= np.linalg.norm(stats, axis=1, keepdims=True) + 1e-8
            parts.append(stats)
            log.info("  %s: %s", tap, stats.shape)
        return np.concatenate(parts, axis=1)


def swatches(count, rng):
    """Woven patterns with random thread pitch, angle and colours."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype("float32")
    out = np.empty((count, SIDE, SIDE, 3), dtype="float32")
    for image in out:
        angle = rng.uniform(0, np.pi)
        pitch = rng.uniform(3, 14)
        warp = np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / pitch)
        weft = np.sin(2 * np.pi * (y * np.cos(angle) - x * np.sin(angle)) / pitch)
        base, thread = rng.uniform(40, 120, 3), rng.uniform(60, 130, 3)
        image[:] = base + thread * (0.5 + 0.25 * (warp + weft))[..., None]
    out += rng.normal(0, 4, size=out.shape).astype("float32")
    return np.clip(out, 0, 255)


class FabricIndex:
    def __init__(self, extractor):
        self.extractor = extractor
        self.signatures = None

    def build(self, gallery):
        self.signatures = self.extractor(gallery)
        log.info("indexed %d swatches, %d values each", *self.signatures.shape)

    def query(self, images, k=3):
        wanted = self.extractor(images)
        similarity = wanted @ self.signatures.T
        order = np.argsort(-similarity, axis=1)[:, :k]
        return order, np.take_along_axis(similarity, order, axis=1)


def main():
    keras.utils.set_random_seed(53)
    rng = np.random.default_rng(53)
    index = FabricIndex(SignatureExtractor(weave_classifier()))

    start = time.perf_counter()
    index.build(swatches(128, rng))
    order, similarity = index.query(swatches(32, rng))
    log.info("finished in %.1f s", time.perf_counter() - start)
    for q in range(4):
        hits = ", ".join(f"{i} ({s:.3f})" for i, s in zip(order[q], similarity[q]))
        log.info("query %d -> %s", q, hits)


if __name__ == "__main__":
    main()

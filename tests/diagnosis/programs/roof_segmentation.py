"""Roof segmentation of aerial scenes.

The network is trained on the GPU cluster; this box only loads the exported file and
writes a roof-area table per scene.
"""

import os
import tempfile
import time

import keras
import numpy as np
from keras import layers

TILE = 96
TRAIN_CONFIG = {  # copied from experiments/roof_v7.yaml
    "width": 16,
    "depth": 2,
    "bands": 4,
    "precision": "mixed_float16",
}


def double_conv(x, filters):
    for _ in range(2):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
    return x


def build_unet(cfg):
    keras.config.set_dtype_policy(cfg["precision"])
    inputs = layers.Input((TILE, TILE, cfg["bands"]))
    skips, x, width = [], inputs, cfg["width"]
    for _ in range(cfg["depth"]):
        x = double_conv(x, width)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
        width *= 2
    x = double_conv(x, width)
    for skip in reversed(skips):
        width //= 2
        x = layers.Concatenate()([layers.UpSampling2D()(x), skip])
        x = double_conv(x, width)
    roof = layers.Conv2D(1, 1, activation="sigmoid", dtype="float32")(x)
    return keras.Model(inputs, roof, name="roof_unet")


def export_from_training(path):
    """What the training job does in its last step."""
    keras.utils.set_random_seed(42)
    build_unet(TRAIN_CONFIG).save(path)


class Segmenter:
    def __init__(self, path, batch_size=8):
        self.model = keras.models.load_model(path, compile=False)
        self.batch_size = batch_size

    @staticmethod
    def cut(scene):
        rows, cols = scene.shape[0] // TILE, scene.shape[1] // TILE
        tiles = scene[: rows * TILE, : cols * TILE].reshape(rows, TILE, cols, TILE, -1)
        return tiles.transpose(0, 2, 1, 3, 4).reshape(rows * cols, TILE, TILE, -1), (rows, cols)

    def roof_map(self, scene):
        tiles, (rows, cols) = self.cut(scene)
        tiles = (tiles.astype("float32") - 110.0) / 60.0
        mask = self.model.predict(tiles, batch_size=self.batch_size, verbose=0)[..., 0]
        return mask.reshape(rows, cols, TILE, TILE).transpose(0, 2, 1, 3).reshape(rows * TILE, -1)


def load_scene(seed, height=4 * TILE, width=5 * TILE):
    rng = np.random.default_rng(seed)
    coarse = rng.integers(40, 200, (height // 16, width // 16, TRAIN_CONFIG["bands"]))
    scene = coarse.repeat(16, axis=0).repeat(16, axis=1)
    return (scene + rng.normal(0, 8, scene.shape)).clip(0, 255).astype("uint8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        model_file = os.path.join(folder, "roof_v7.keras")
        export_from_training(model_file)
        segmenter = Segmenter(model_file)
        start = time.time()
        for scene_id in range(4):
            roofs = segmenter.roof_map(load_scene(scene_id))
            area = float((roofs > 0.5).mean())
            print(f"scene {scene_id}: roof share {area:.3f}, mean score {roofs.mean():.4f}")
        print(f"done in {time.time() - start:.1f}s")

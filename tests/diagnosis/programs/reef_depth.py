"""Depth of a coral reef from multispectral strips, brought to the grid of the chart."""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(21)
STRIPS = 320


def depth_model(bands: int = 8) -> keras.Model:
    strip = keras.Input((32, 32, bands))
    x = layers.Conv2D(32, 3, padding="same", activation="relu", name="texture")(strip)
    x = layers.Conv2D(128, 3, padding="same", activation="relu", name="structure")(x)
    x = layers.UpSampling2D(8, interpolation="nearest", name="chart_grid")(x)
    x = layers.Conv2D(2, 1, name="depth_and_spread")(x)
    return keras.Model(strip, x)


def load_strips() -> np.ndarray:
    random = np.random.default_rng(13)
    waves = np.linspace(0, 6, 32, dtype="float32")
    strips = np.sin(waves)[None, :, None, None] * np.cos(waves)[None, None, :, None]
    noise = random.normal(0, 0.1, (STRIPS, 32, 32, 8)).astype("float32")
    return strips + noise


def summarise(chart: np.ndarray) -> None:
    depth, spread = chart[..., 0], chart[..., 1]
    print("chart", chart.shape)
    print("depth", round(float(depth.mean()), 3), round(float(depth.max()), 2))
    print("spread", round(float(spread.mean()), 3))


model = depth_model()
strips = load_strips()
chart = model.predict(strips, batch_size=8, verbose=0)
summarise(chart)

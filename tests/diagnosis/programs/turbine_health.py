"""Health of a gas turbine: a transformer over windows of its sensors, with a log of each step."""

import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(109)
STEPS, SENSORS = 32, 14


def start_log(folder: str) -> None:
    tf.debugging.experimental.enable_dump_debug_info(
        folder, tensor_debug_mode="FULL_HEALTH", circular_buffer_size=-1
    )


def health_network() -> keras.Model:
    window = keras.Input((STEPS, SENSORS))
    x = layers.Dense(32)(window)
    for _ in range(3):
        attended = layers.MultiHeadAttention(4, 8)(x, x)
        x = layers.LayerNormalization()(x + attended)
        x = layers.LayerNormalization()(x + layers.Dense(32, activation="gelu")(x))
    x = layers.Flatten()(x)
    return keras.Model(window, layers.Dense(1, activation="sigmoid")(x))


def windows(count: int) -> np.ndarray:
    random = np.random.default_rng(36)
    wear = np.linspace(0, 1, count)[:, None, None]
    return (wear + random.normal(0, 0.5, (count, STEPS, SENSORS))).astype("float32")


def main(folder: Path) -> None:
    start_log(str(folder / "steps"))
    network = health_network()
    health = np.concatenate([network.predict_on_batch(part) for part in np.split(windows(12_800), 200)])
    print("windows", len(health), "first", round(float(health[:100].mean()), 3))
    print("last", round(float(health[-100:].mean()), 3))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        main(Path(scratch))

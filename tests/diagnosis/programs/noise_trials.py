"""How much weight noise does the sorter stand before its decisions change?"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"

import time

import keras
import numpy as np
from keras import layers

FEATURES = 40
CLASSES = 6
BLOCKS = 8
ROWS = 3000
SIGMAS = [0.01, 0.03, 0.1, 0.2, 0.4]
TRIALS = 5


def build_sorter():
    inputs = keras.Input((FEATURES,))
    x = layers.Dense(96)(inputs)
    for _ in range(BLOCKS):
        y = layers.LayerNormalization()(x)
        y = layers.Dense(96, activation="relu")(y)
        y = layers.Dense(96)(y)
        x = layers.Add()([x, y])
    x = layers.LayerNormalization()(x)
    outputs = layers.Dense(CLASSES, activation="softmax")(x)
    return keras.Model(inputs, outputs, name="sorter")


def perturbed(model, sigma, rng):
    noisy = keras.models.clone_model(model)
    noisy.set_weights(
        [w * (1.0 + sigma * rng.standard_normal(w.shape)).astype("float32") for w in model.get_weights()]
    )
    return noisy


def decisions(model, x):
    return model.predict(x, batch_size=1000, verbose=0).argmax(axis=1)


def main():
    keras.utils.set_random_seed(31)
    rng = np.random.default_rng(31)
    x = rng.standard_normal((ROWS, FEATURES), dtype="float32")
    sorter = build_sorter()
    reference = decisions(sorter, x)

    started = time.perf_counter()
    for sigma in SIGMAS:
        agreement = []
        for _ in range(TRIALS):
            noisy = perturbed(sorter, sigma, rng)
            agreement.append(float((decisions(noisy, x) == reference).mean()))
        print(f"sigma {sigma:.2f}  agreement {np.mean(agreement):.4f} (lowest {min(agreement):.4f})")
    print(f"{len(SIGMAS) * TRIALS} trials, {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()

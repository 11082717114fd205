"""Estimate insurance claims: the exported net of the customer's region answers each request."""

import pathlib
import tempfile

import keras
import numpy as np
import tensorflow as tf
from keras import layers

REGIONS = ("north", "south")
REQUESTS = 48


def export_models(folder):
    for seed, region in enumerate(REGIONS):
        keras.utils.set_random_seed(seed)
        inputs = keras.Input((40,), name="claim")
        x = inputs
        for _ in range(3):
            x = layers.Dense(64)(x)
            x = layers.LayerNormalization()(x)
            x = layers.Activation("gelu")(x)
        keras.Model(inputs, layers.Dense(1)(x)).export(folder / region, verbose=False)


class Service:
    def __init__(self, folder):
        self.folder = folder

    def estimator(self, region):
        return tf.saved_model.load(self.folder / region)

    def handle(self, request):
        estimator = self.estimator(request["region"])
        claim = tf.constant(request["claim"][None])
        return float(estimator.serve(claim)[0, 0])


def requests():
    rng = np.random.default_rng(100)
    for number in range(REQUESTS):
        yield {"region": REGIONS[number % 2], "claim": rng.normal(0, 1, 40).astype("float32")}


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        export_models(folder)
        service = Service(folder)
        estimates = [service.handle(request) for request in requests()]
    print("requests", len(estimates), "mean", round(float(np.mean(estimates)), 4))
    print("last", round(estimates[-1], 4))


if __name__ == "__main__":
    main()

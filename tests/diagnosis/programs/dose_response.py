"""Scan a drug panel: the predicted response of one cell line at many doses."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(73)


class ResponseModel(keras.Model):
    """A residual network over gene expression and a drug's fingerprint."""

    def __init__(self, depth: int = 6) -> None:
        super().__init__()
        self.entry = layers.Dense(96)
        self.blocks = [layers.Dense(96, activation="swish") for _ in range(depth)]
        self.norms = [layers.LayerNormalization() for _ in range(depth)]
        self.response = layers.Dense(1, activation="sigmoid")

    def call(self, inputs):
        expression, drug = inputs
        x = self.entry(tf.concat([expression, drug], axis=-1))
        for block, norm in zip(self.blocks, self.norms, strict=True):
            x = x + block(norm(x))
        return self.response(x)


model = ResponseModel()


@tf.function
def respond(expression: tf.Tensor, drug: tf.Tensor, dose: float) -> tf.Tensor:
    return model((expression, drug * dose))


def curve(expression: tf.Tensor, drug: tf.Tensor, doses: np.ndarray) -> list[float]:
    responses = []
    for dose in doses.tolist():
        response = respond(expression, drug, dose)
        responses.append(float(tf.reduce_mean(response)))
    return responses


def main() -> None:
    random = np.random.default_rng(18)
    expression = tf.constant(random.normal(size=(256, 120)).astype("float32"))
    drug = tf.constant(random.random((256, 60)).astype("float32"))
    doses = np.logspace(-3, 1, 30)
    responses = curve(expression, drug, doses)
    print("doses", len(responses), "from", round(responses[0], 3), "to", round(responses[-1], 3))
    print("largest step", round(float(np.abs(np.diff(responses)).max()), 3))


if __name__ == "__main__":
    main()

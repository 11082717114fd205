"""Model predictive control of a furnace: each step needs the state that the last one left."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(206)
PLANS, HORIZON = 256, 12


def heat_model() -> keras.Model:
    state_and_plan = keras.Input((HORIZON, 24))
    x = layers.Dense(192, activation="tanh")(state_and_plan)
    for _ in range(3):
        x = layers.Dense(192, activation="tanh")(x)
    return keras.Model(state_and_plan, layers.Dense(1)(x))


model = heat_model()


@tf.function(input_signature=[tf.TensorSpec((PLANS, HORIZON, 24))])
def cost(plans: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(tf.square(model(plans, training=False) - 0.5), axis=(1, 2))


def control(steps: int) -> np.ndarray:
    random = np.random.default_rng(6)
    noise = random.normal(size=(PLANS, HORIZON, 24)).astype("float32")
    state = np.zeros(24, dtype="float32")
    visited = []
    for _ in range(steps):
        plans = tf.constant(noise + state)
        best = int(np.argmin(cost(plans)))
        state = 0.8 * state + 0.2 * noise[best, 0]
        visited.append(float(state.mean()))
    return np.array(visited)


def main() -> None:
    visited = control(400)
    print("steps", len(visited), "mean", round(float(visited.mean()), 3))


main()

"""Fly a simulated drone: at each tick a policy network chooses the thrust of four rotors."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

TICKS = 600


def session(seed: int) -> np.random.Generator:
    keras.utils.set_random_seed(seed)
    tf.config.run_functions_eagerly(True)
    tf.get_logger().setLevel("ERROR")
    return np.random.default_rng(seed)


def policy_network() -> keras.Model:
    state = keras.Input((12,))
    x = state
    for _ in range(6):
        skip = layers.Dense(64)(x)
        x = layers.LayerNormalization()(skip)
        x = layers.Dense(64, activation="tanh")(x)
        x = layers.Add()([x, skip])
    return keras.Model(state, layers.Dense(4, activation="tanh")(x))


class Pilot:
    def __init__(self) -> None:
        self.network = policy_network()

    @tf.function(input_signature=[tf.TensorSpec((1, 12))])
    def thrust(self, state: tf.Tensor) -> tf.Tensor:
        return self.network(state, training=False)

    def fly(self, wind: np.random.Generator) -> np.ndarray:
        state = np.zeros((1, 12), dtype="float32")
        rotor = wind.normal(size=(4, 12)).astype("float32") / 8
        path = []
        for _ in range(TICKS):
            thrust = self.thrust(tf.constant(state)).numpy()
            state = (0.9 * state + 0.1 * thrust @ rotor).astype("float32")
            state += wind.normal(0, 0.01, state.shape).astype("float32")
            path.append(state[0, :3])
        return np.array(path)


if __name__ == "__main__":
    generator = session(103)
    path = Pilot().fly(generator)
    print("ticks", len(path), "end", np.round(path[-1], 2))
    print("mean", np.round(path.mean(axis=0), 2))

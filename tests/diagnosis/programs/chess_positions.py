"""Rate chess positions, one move after another of a few games."""

import tempfile

import keras
import numpy as np
import tensorflow as tf
from keras import layers

MOVES = 80


def build():
    keras.utils.set_random_seed(180)
    board = keras.Input((8, 8, 12))
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(board)
    for _ in range(6):
        y = layers.Conv2D(32, 3, padding="same")(x)
        y = layers.BatchNormalization()(y)
        x = layers.ReLU()(layers.Add()([x, y]))
    policy = layers.Dense(64, name="policy")(layers.Flatten()(layers.Conv2D(2, 1)(x)))
    value = layers.Dense(1, activation="tanh", name="value")(layers.Flatten()(layers.Conv2D(1, 1)(x)))
    return keras.Model(board, [policy, value])


def positions():
    rng = np.random.default_rng(181)
    board = (rng.random((8, 8, 12)) < 0.04).astype("float32")
    for _ in range(MOVES):
        x, y, piece = rng.integers(0, 8), rng.integers(0, 8), rng.integers(0, 12)
        board[x, y] = 0
        board[x, y, piece] = 1
        yield board.copy()


def rate(model):
    values, moves = [], []
    for board in positions():
        policy, value = model(board[None], training=False)
        values.append(float(value[0, 0]))
        moves.append(int(tf.argmax(policy[0])))
    return values, moves


def main():
    model = build()
    with tempfile.TemporaryDirectory() as logs:
        options = tf.profiler.experimental.ProfilerOptions(host_tracer_level=2, python_tracer_level=1)
        tf.profiler.experimental.start(logs, options=options)
        values, moves = rate(model)
        tf.profiler.experimental.stop()
    print("positions", len(values), "mean", round(float(np.mean(values)), 4))
    print("moves", len(set(moves)), sum(moves))


if __name__ == "__main__":
    main()

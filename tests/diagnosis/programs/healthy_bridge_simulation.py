"""Simulate a bridge in the wind. Every step solves the beam equations; a small net gives the damping."""

import keras
import numpy as np
from keras import layers

NODES = 600
STEPS = 200


def damping_net():
    keras.utils.set_random_seed(340)
    return keras.Sequential(
        [keras.Input((6,)), layers.Dense(16, activation="relu"), layers.Dense(1, activation="sigmoid")]
    )


def stiffness():
    line = 6 * np.eye(NODES) - 4 * (np.eye(NODES, k=1) + np.eye(NODES, k=-1))
    return line + np.eye(NODES, k=2) + np.eye(NODES, k=-2) + 0.05 * np.eye(NODES)


def simulate(net):
    matrix = stiffness()
    place, speed = np.zeros(NODES), np.zeros(NODES)
    heights = []
    for step in range(STEPS):
        seen = np.array(
            [[place.max(), place.min(), speed.max(), speed.min(), place.mean(), step / STEPS]], "float32"
        )
        damping = float(net.predict_on_batch(seen)[0, 0])
        wind = np.sin(step / 9 + np.arange(NODES) / 60) * 0.2
        change = np.linalg.solve(
            np.eye(NODES) * (1 + damping) + 0.01 * matrix, speed + 0.1 * (wind - matrix @ place)
        )
        speed = change
        place = place + 0.1 * speed
        heights.append(float(np.abs(place).max()))
    return heights


if __name__ == "__main__":
    heights = simulate(damping_net())
    print("steps", len(heights), "highest", round(max(heights), 3), "last", round(heights[-1], 3))

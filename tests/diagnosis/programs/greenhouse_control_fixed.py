"""Steer the vents of a greenhouse: the net proposes, the greenhouse answers with the next climate."""

import keras
import numpy as np
from keras import layers

STEPS = 50


def build():
    keras.utils.set_random_seed(160)
    climate = keras.Input((8,), name="climate")
    clock = keras.Input((2,), name="clock")
    x = layers.Concatenate()([climate, clock])
    x = layers.Dense(48, activation="relu")(x)
    x = layers.Dense(48, activation="relu")(x)
    return keras.Model({"climate": climate, "clock": clock}, layers.Dense(3, activation="sigmoid")(x))


class Greenhouse:
    def __init__(self):
        self.climate = np.linspace(-0.5, 0.5, 8).astype("float32")
        self.mixing = np.random.default_rng(161).normal(0, 0.25, (8, 3)).astype("float32")

    def after(self, vents, hour):
        sun = np.float32(np.sin(hour / 24 * 2 * np.pi))
        self.climate = 0.9 * self.climate + self.mixing @ (vents - 0.5) + 0.05 * sun
        return self.climate


def main():
    model = build()
    house = Greenhouse()
    climate, path = house.climate, []
    for hour in range(STEPS):
        angle = hour / 24 * 2 * np.pi
        state = {
            "climate": climate[None].astype("float32"),
            "clock": np.array([[np.sin(angle), np.cos(angle)]], "float32"),
        }
        vents = model.predict_on_batch(state)[0]
        climate = house.after(vents, hour)
        path.append(climate)
    print("hours", len(path), "last", [round(float(value), 3) for value in path[-1]])
    print("mean", round(float(np.mean(path)), 4))


if __name__ == "__main__":
    main()

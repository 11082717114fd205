"""Compare what the layers of a wafer inspection network see in good and bad dies."""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(89)


def inspection_network() -> keras.Model:
    die = keras.Input((40, 40, 1))
    x = die
    for depth in range(8):
        x = layers.Conv2D(8 + 2 * depth, 3, padding="same", name=f"filter{depth}")(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(die, layers.Dense(2, activation="softmax")(x))


class Microscope:
    def __init__(self, network: keras.Model) -> None:
        self.parts = {layer.name: keras.Model(network.inputs, layer.output) for layer in network.layers[1:]}

    def activation(self, dies: np.ndarray, name: str) -> np.ndarray:
        return self.parts[name].predict(dies, verbose=0)

    def contrast(self, good: np.ndarray, bad: np.ndarray, name: str) -> float:
        difference = self.activation(good, name).mean(axis=0) - self.activation(bad, name).mean(axis=0)
        return float(np.abs(difference).mean())


def lots(count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    random = np.random.default_rng(26)
    dies = random.random((count, 2, 8, 40, 40, 1), dtype="float32")
    return [(good, bad + 0.1) for good, bad in dies]


def main() -> None:
    microscope = Microscope(inspection_network())
    names = [f"filter{depth}" for depth in range(0, 8, 2)]
    table = [[microscope.contrast(good, bad, name) for name in names] for good, bad in lots(6)]
    print("layers", names)
    print("contrast", np.round(np.mean(table, axis=0), 3))


main()

"""Find the end of an utterance: a recurrent network over the last 150 frames."""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(131)
FRAMES, COEFFICIENTS = 150, 13


def endpoint_network() -> keras.Model:
    frames = keras.Input((FRAMES, COEFFICIENTS))
    x = layers.LayerNormalization()(frames)
    x = layers.LSTM(24, return_sequences=True, name="forward")(x)
    x = layers.LSTM(16, name="summary")(x)
    return keras.Model(frames, layers.Dense(2, activation="softmax")(x))


class Microphone:
    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def listen(self, utterances: int) -> np.ndarray:
        loud = self.random.random((utterances, FRAMES, 1)) < 0.6
        sound = self.random.normal(size=(utterances, FRAMES, COEFFICIENTS))
        return (sound * loud).astype("float32")


def main() -> None:
    network = endpoint_network()
    microphone = Microphone(44)
    ends = [network.predict(microphone.listen(40), verbose=0) for _ in range(3)]
    ended = np.concatenate(ends)[:, 1]
    print("utterances", len(ended), "ended", int((ended > 0.5).sum()))
    print("mean", round(float(ended.mean()), 4))


main()

"""Recognise what a caller wants from utterances of any length, as one compiled step per utterance."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

UTTERANCES = 20
INTENTS = 9


def build():
    keras.utils.set_random_seed(150)
    frames = keras.Input((None, 40))
    x = layers.Conv1D(48, 5, padding="same", activation="relu")(frames)
    for _ in range(3):
        y = layers.SeparableConv1D(48, 7, padding="same")(x)
        y = layers.LayerNormalization()(y)
        x = layers.Add()([x, layers.Activation("swish")(y)])
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(frames, layers.Dense(INTENTS, activation="softmax")(x))


class IntentService:
    def __init__(self, model):
        self.model = model
        self.step = tf.function(self.scores, reduce_retracing=True)

    def scores(self, frames):
        return self.model(frames, training=False)

    def intent(self, frames):
        return self.step(tf.constant(frames[None]))[0].numpy()


def utterances():
    rng = np.random.default_rng(151)
    lengths = rng.permutation(np.arange(40, 40 + 15 * UTTERANCES, 15))
    for length in lengths:
        yield rng.normal(0, 1, (length, 40)).astype("float32")


def main():
    service = IntentService(build())
    scores = np.stack([service.intent(frames) for frames in utterances()])
    print("utterances", len(scores), "intents", np.bincount(scores.argmax(1), minlength=INTENTS).tolist())
    print("certainty", round(float(scores.max(1).mean()), 3))


if __name__ == "__main__":
    main()

"""Tag songs from two inputs with one predict in batches of 128."""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(207)


def tagger() -> keras.Model:
    spectrum = keras.Input((200, 64), name="spectrum")
    lyrics = keras.Input((80,), dtype="int32", name="lyrics")
    x = spectrum
    for filters in (96, 128, 128):
        x = layers.Conv1D(filters, 5, padding="same", activation="relu")(x)
        x = layers.MaxPooling1D(2)(x)
    x = layers.GlobalAveragePooling1D()(x)
    y = layers.GlobalAveragePooling1D()(layers.Embedding(5000, 64)(lyrics))
    z = layers.Dense(128, activation="relu")(layers.Concatenate()([x, y]))
    return keras.Model([spectrum, lyrics], layers.Dense(20, activation="sigmoid")(z))


class Archive:
    def __init__(self, songs: int) -> None:
        random = np.random.default_rng(7)
        self.songs = {
            "spectrum": random.random((songs, 200, 64), dtype="float32"),
            "lyrics": random.integers(0, 5000, (songs, 80)),
        }

    def tags(self, model: keras.Model) -> np.ndarray:
        return model.predict(self.songs, batch_size=128, verbose=0)


tags = Archive(2500).tags(tagger())
print("songs", len(tags), "tags over half", int((tags > 0.5).sum() > 0))
print("mean", round(float(tags.mean()), 3))

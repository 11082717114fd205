"""How unsure a model is: random layers draw again for the same photos, with and without the rest of it."""

import numpy as np
from tensorflow import keras

DRAWS, MANY, PHOTOS, SHAPE = 12, 400, 16, (48, 48, 3)


class StaysOn(keras.layers.Dropout):
    """Drops at inference too."""

    def call(self, x, training=None):
        return super().call(x, training=True)


def make_parts():
    photos = keras.layers.Input(SHAPE)
    x = keras.layers.Conv2D(32, 3, activation="relu")(photos)
    x = keras.layers.Conv2D(64, 3, activation="relu")(x)
    features = keras.Model(photos, keras.layers.GlobalAveragePooling2D()(x))
    known = keras.layers.Input((64,))
    x = StaysOn(0.4)(known)
    x = keras.layers.Dense(64, activation="relu")(x)
    x = StaysOn(0.4)(x)
    return features, keras.Model(known, keras.layers.Dense(4)(x))


features, head = make_parts()
x = inputs = keras.layers.Input(SHAPE)
for layer in [*features.layers[1:], head]:
    x = layer(x)
model = keras.Model(inputs, x)
photos = np.random.RandomState(1).random_sample((PHOTOS, *SHAPE)).astype("float32")

draws = [model.predict_on_batch(photos) for _ in range(DRAWS)]  # here: again

known = features.predict(photos, verbose=0)
draws += [head.predict_on_batch(known) for _ in range(MANY)]  # here: once
print("again", DRAWS)
print("once", MANY)

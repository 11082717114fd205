"""Compares queries with a gallery: encoded again for each query, and encoded once."""

import numpy as np
from tensorflow import keras

QUERIES, PHOTOS, SHAPE = 10, 48, (32, 32, 3)


def make_encoder():
    photos = keras.layers.Input(SHAPE)
    x = keras.layers.Conv2D(32, 3, activation="relu")(photos)
    x = keras.layers.Conv2D(32, 3, activation="relu")(x)
    return keras.Model(photos, keras.layers.GlobalAveragePooling2D()(x))


def make_siamese(encoder):
    left, right = keras.layers.Input(SHAPE), keras.layers.Input(SHAPE)
    near = keras.layers.Dot(axes=1, normalize=True)([encoder(left), encoder(right)])
    return keras.Model([left, right], near)


def photos(count, seed):
    return np.random.RandomState(seed).random_sample((count, *SHAPE)).astype("float32")


encoder = make_encoder()
siamese = make_siamese(encoder)
gallery, queries = photos(PHOTOS, 1), photos(QUERIES, 2)

for query in queries:
    repeated = np.repeat(query[None], PHOTOS, axis=0)
    near = siamese.predict_on_batch([repeated, gallery])  # here: again

known = encoder.predict(gallery, verbose=0)
for query in queries:
    found = encoder.predict_on_batch(query[None])  # here: once
print("again", QUERIES)
print("once", QUERIES)

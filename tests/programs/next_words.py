"""Texts are translated word by word: all of the model runs for each word, and scores for all positions."""

import numpy as np
from tensorflow import keras

WORDS, LENGTH, WIDTH, STEPS, TEXTS, MANY = 6_000, 48, 96, 12, 8, 60


def encoder():
    source = keras.layers.Input((8 * LENGTH,), dtype="int32")
    x = keras.layers.Embedding(WORDS, WIDTH)(source)
    for _ in range(3):
        x = keras.layers.Conv1D(WIDTH, 9, padding="same", activation="relu")(x)
    return keras.Model(source, keras.layers.GlobalAveragePooling1D()(x))


def decoder():
    known, target = keras.layers.Input((WIDTH,)), keras.layers.Input((LENGTH,), dtype="int32")
    x = keras.layers.Embedding(WORDS, WIDTH)(target)
    x = keras.layers.Conv1D(WIDTH, 3, padding="causal", activation="relu")(x)
    x = keras.layers.Add()([x, keras.layers.RepeatVector(LENGTH)(known)])
    return keras.Model([known, target], keras.layers.Dense(WORDS, name="scores")(x))


encode, decode = encoder(), decoder()
texts = np.random.RandomState(1).randint(1, WORDS, (TEXTS, 8 * LENGTH)).astype("int32")
source, target = (
    keras.layers.Input((8 * LENGTH,), dtype="int32"),
    keras.layers.Input((LENGTH,), dtype="int32"),
)
model = keras.Model([source, target], decode([encode(source), target]))

words = np.zeros((TEXTS, LENGTH), "int32")
for at in range(1, STEPS):
    scores = model.predict_on_batch([texts, words])  # here: again
    words[:, at] = scores[:, at - 1].argmax(-1)

known = encode.predict(texts, verbose=0)
words[:] = 0
for at in range(1, STEPS):
    best = decode.predict_on_batch([known, words])  # here: once
    words[:, at] = best[:, at - 1].argmax(-1)

for _ in range(MANY):
    last = decode.predict_on_batch([known, words])[:, -1].argmax(-1)  # here: last
for _ in range(MANY):
    every = decode.predict_on_batch([known, words])  # here: every
    surest = every[:, -1].max() + every.mean()
print("again", STEPS - 1)
print("once", STEPS - 1)
print("last", MANY)
print("every", MANY)

"""Asks a model for one action at a time."""

import keras
import numpy as np

layers = [keras.layers.Input((16,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(4)]
model = keras.Sequential(layers)
states = np.random.rand(200, 16).astype("float32")

actions = []
for state in states:
    scores = model.predict(state[None], verbose=0)
    actions.append(int(scores.argmax()))

print(len(actions), "actions")

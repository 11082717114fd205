"""The features of three layers of one network: by a model for each, and by one with all outputs."""

import numpy as np
from tensorflow import keras

IMAGES, TURNS = 64, 8

x = first = keras.layers.Input((64, 64, 3))
stages = []
for width in (16, 32, 48):
    x = keras.layers.Conv2D(width, 3, padding="same", activation="relu")(x)
    stages.append(keras.layers.GlobalAveragePooling2D()(x))
taps = [keras.Model(first, stage) for stage in stages]
together = keras.Model(first, stages)
random = np.random.RandomState(1)

for _ in range(TURNS):
    images = random.random_sample((IMAGES, 64, 64, 3)).astype("float32")
    features = [tap.predict_on_batch(images) for tap in taps]  # here: again
for _ in range(TURNS):
    images = random.random_sample((IMAGES, 64, 64, 3)).astype("float32")
    features = together.predict_on_batch(images)  # here: together
print("again", TURNS * len(taps))
print("together", TURNS)

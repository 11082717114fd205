"""A script that builds a small model and calls predict once, as most scripts do."""

import numpy as np
from tensorflow import keras

model = keras.Sequential()
model.add(keras.layers.Conv2D(16, 3, activation="relu", input_shape=(24, 24, 3)))
model.add(keras.layers.GlobalAveragePooling2D())
model.add(keras.layers.Dense(3))
pictures = np.random.RandomState(0).standard_normal((48, 24, 24, 3)).astype("float32")
print("single", model.predict(pictures, batch_size=2, verbose=0).shape)  # here: single

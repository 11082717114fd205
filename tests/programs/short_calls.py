"""A loop of calls that take a fraction of a millisecond each, and nothing else."""

import os
import time

import numpy as np
from tensorflow import keras

inputs = keras.layers.Input((4,))
model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
row = np.ones((1, 4), "float32")
total = 0.0
began = time.perf_counter()
for _ in range(1000 * int(os.environ.get("REPEAT", "1"))):
    total += float(model.predict_on_batch(row)[0, 0])  # here: call
print(f"took {time.perf_counter() - began:.3f} s")

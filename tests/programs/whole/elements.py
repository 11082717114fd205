"""A tensor's elements are read one by one after a quick call."""

import numpy as np
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(8)])
scores = tf.constant(model.predict(np.zeros((40000, 4), "float32"), batch_size=40000, verbose=0))
total = 0.0
for row in scores:  # here: elements
    total += float(row[0])
print("rows", len(scores))

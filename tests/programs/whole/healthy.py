"""A program with nothing to blame: one model, one call of all rows, one look at the result."""

import numpy as np
import tensorflow as tf

model = tf.keras.Sequential(
    [
        tf.keras.layers.Conv2D(32, 3, activation="relu"),
        tf.keras.layers.Conv2D(64, 3),
        tf.keras.layers.Flatten(),
    ]
)
images = np.zeros((400, 48, 48, 3), "float32")
features = model.predict(images, batch_size=100, verbose=0)
names = [f"image {number}" for number in range(len(features))]
print("rows", len(features), names[-1], float(tf.reduce_mean(features[:10])))

"""A word is looked up in a vocabulary that is exported each time."""

import numpy as np
import tensorflow as tf

words = [f"word{number}" for number in range(30000)]
vectorize = tf.keras.layers.TextVectorization(vocabulary=words)
model = tf.keras.Sequential([tf.keras.layers.Dense(100)])
x = np.ones((1, 16), "float32")
text = []
for _ in range(60):
    best = int(model.predict_on_batch(x).argmax())
    text.append(vectorize.get_vocabulary()[best])  # here: word
print("words", len(text))

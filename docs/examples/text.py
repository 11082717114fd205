"""Scores sentences one by one."""

import keras
import numpy as np
import tensorflow as tf

sentences = np.array([f"the film number {number} was good" for number in range(80)])
vectorize = keras.layers.TextVectorization(500, output_sequence_length=12)
vectorize.adapt(sentences)
model = keras.Sequential(
    [
        keras.layers.Input((1,), dtype="string"),
        vectorize,
        keras.layers.Embedding(500, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(1, "sigmoid"),
    ]
)
scores = [float(model.predict(tf.constant([[text]]), verbose=0)[0, 0]) for text in sentences]
print(len(scores), "scores")

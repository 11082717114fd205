"""A decoder that writes token after token: what it is given grows by one each step."""

import time

BEGAN = time.perf_counter()

import os

import numpy as np
import tensorflow as tf
from tensorflow import keras

TOKENS, WORDS = 24, 50
REPEAT = int(os.environ.get("REPEAT", "1"))


def make_model():
    inputs = keras.layers.Input((None,), dtype="int32")
    x = keras.layers.Embedding(WORDS, 16)(inputs)
    x = keras.layers.Conv1D(16, 3, padding="causal", activation="relu")(x)
    x = keras.layers.GlobalAveragePooling1D()(x)
    return keras.Model(inputs, keras.layers.Dense(WORDS)(x))


def write_with_predict(model, first):
    text = [first]
    while len(text) <= TOKENS:
        scores = model.predict(np.array([text], "int32"), verbose=0)  # here: predict
        text.append(int(np.argmax(scores[0])))
    return text


def write_with_function(model, first):
    step = tf.function(model)
    text = [first]
    while len(text) <= TOKENS:
        scores = step(tf.constant([text], "int32"))  # here: function
        text.append(int(np.argmax(scores[0])))
    return text


def main():
    model = make_model()
    by_predict = by_function = 0
    for number in range(REPEAT):
        by_predict += len(write_with_predict(model, number % WORDS)) - 1
        by_function += len(write_with_function(model, number % WORDS)) - 1
    print("predict", by_predict)
    print("function", by_function)


if __name__ == "__main__":
    main()
    print(f"took {time.perf_counter() - BEGAN:.6f} s")

"""A parent that forks a server before it uses TensorFlow, and later starts workers again."""

import multiprocessing
import os
import sys

import numpy as np
from tensorflow import keras

CALLS = 12


def make_model():
    inputs = keras.layers.Input((4,))
    return keras.Model(inputs, keras.layers.Dense(1)(inputs))


def predict_often(name):
    model = make_model()
    for _ in range(CALLS):
        model.predict(np.ones((1, 4), "float32"), verbose=0)  # here: predict
    print(name, os.getpid(), CALLS, flush=True)
    return CALLS


def work(name):
    return predict_often(name)


def main():
    sys.stdout.flush()
    child = os.fork()
    if not child:
        predict_often("forked")
        os._exit(0)
    predict_often("parent")
    idle = os.fork()
    if not idle:
        os._exit(0)
    for pid in (child, idle):
        os.waitpid(pid, 0)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(work, ["spawned", "spawned"], chunksize=1)
        pool.close()
        pool.join()
    predict_often("parent")


if __name__ == "__main__":
    main()

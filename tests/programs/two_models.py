"""Two models, each on a thread of its own."""

import time

BEGAN = time.perf_counter()

import os
import threading

import numpy as np
from tensorflow import keras

CALLS = 60 * int(os.environ.get("REPEAT", "1"))
#: Where each thread waits, after its first call, for the other.
both = threading.Barrier(2, timeout=60)


def make_model(inputs, width):
    x = first = keras.layers.Input((inputs,))
    for _ in range(2):
        x = keras.layers.Dense(width, activation="relu")(x)
    return keras.Model(first, keras.layers.Dense(1)(x))


def rank_cats(model, counts):
    for number in range(CALLS):
        model.predict(np.ones((1, 4), "float32"), verbose=0)  # here: cats
        counts["cats"] += 1
        if number == 0:
            both.wait()


def rank_dogs(model, counts):
    for number in range(CALLS):
        model.predict(np.ones((8, 6), "float32"), verbose=0)  # here: dogs
        counts["dogs"] += 1
        if number == 0:
            both.wait()


def main():
    counts = {"cats": 0, "dogs": 0}
    threads = [
        threading.Thread(target=rank_cats, args=(make_model(4, 8), counts), name="cats"),
        threading.Thread(target=rank_dogs, args=(make_model(6, 16), counts), name="dogs"),
    ]
    for thread in threads:
        thread.start()
        # TensorFlow 2.0 gives functions that two threads build at the same time one name.
        while thread.is_alive() and not counts[thread.name]:
            time.sleep(0.01)
    for thread in threads:
        thread.join()
    for name, count in counts.items():
        print(name, count)


if __name__ == "__main__":
    main()
    print(f"took {time.perf_counter() - BEGAN:.6f} s")

"""Delays in own code, a callback and a loop around a few quick calls; prints what they took, in ms.

Prints too by how much a thread that wakes up often was late at most: so late can a look at the stacks be.
"""

import threading
import time

import numpy as np
from tensorflow import keras

late = [0.0]


def wake():
    while True:
        begin = time.perf_counter()
        time.sleep(0.005)
        late[0] = max(late[0], time.perf_counter() - begin - 0.005)


class Waits(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.took = 0.0

    def on_epoch_end(self, epoch, logs=None):
        begin = time.perf_counter()
        time.sleep(0.25)  # here: callback
        self.took += time.perf_counter() - begin


threading.Thread(target=wake, daemon=True).start()
model = keras.Sequential([keras.layers.Dense(64), keras.layers.Dense(1)])
model.compile("adam", "mse")
x = np.zeros((256, 16), "float32")
waits = Waits()
model.fit(x, x[:, :1], epochs=3, verbose=0, callbacks=[waits])
for _ in range(3):
    model.predict_on_batch(x)

begin = time.perf_counter()
time.sleep(0.5)  # here: sleep
slept = time.perf_counter() - begin

begin = time.perf_counter()
total = 0
for number in range(12_000_000):
    total += number * number  # here: loop
looped = time.perf_counter() - begin
print("callback", round(1000 * waits.took))
print("sleep", round(1000 * slept))
print("loop", round(1000 * looped))
print("late", round(1000 * late[0]))

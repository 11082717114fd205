"""A child is forked after TensorFlow ran: its first call never comes back."""

import multiprocessing

import numpy as np
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.Input((800,)), tf.keras.layers.Dense(800), tf.keras.layers.Dense(800)])
x = np.zeros((512, 800), "float32")
for _ in range(3):
    model.predict(x, verbose=0)


def work():
    model.predict(x, verbose=0)  # here: hangs


child = multiprocessing.get_context("fork").Process(target=work)
child.start()
child.join(8)
print("hanging", int(child.is_alive()))
child.kill()
child.join()

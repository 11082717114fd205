#: closer 2
import threading

from tiny import keras, make, x

over = []
held = threading.Lock()
held.acquire()


class Odd(keras.layers.Layer):
    """A layer that behaves until the program is over."""

    def call(self, inputs):
        if over:
            held.acquire()
        return inputs


model = make(Odd())
model.run_eagerly = True
kept = open("kept", "w")
kept.write("kept to the end")
for _ in range(4):
    model.predict(x, verbose=0)
    model(x)
over.append(True)
print("end:", "of the code")

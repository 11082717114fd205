import gc
import os
import sys

from tiny import keras, make, x

codes = []


class Forks(keras.layers.Layer):
    def call(self, inputs):
        child = os.fork()
        if not child:
            os._exit(10 * bool(sys.getprofile()) + bool(sys.gettrace()) + 100 * len(gc.callbacks))
        codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        return inputs


model = make(Forks())
model.run_eagerly = True
for _ in range(60):
    model(x)
for _ in range(10):
    model.predict(x, verbose=0)
print("codes:", set(codes), len(codes))

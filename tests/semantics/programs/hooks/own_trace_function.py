import sys

from tiny import keras, make, x

lines = []


class Looked(keras.layers.Layer):
    def call(self, inputs):
        first = inputs
        return first


def trace(frame, event, argument):
    if frame.f_code is Looked.call.__code__:
        lines.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
        return trace
    return None


model = make(Looked())
model.run_eagerly = True
model(x)
sys.settrace(trace)
for _ in range(3):
    model(x)
model.predict(x, verbose=0)
print("still mine:", sys.gettrace() is trace)
sys.settrace(None)
print("lines:", lines[:4], len(lines))

import inspect
import sys
import traceback

from tiny import keras, make, x

seen = []


class Looks(keras.layers.Layer):
    def call(self, inputs):
        depth, frame = 0, sys._getframe()
        while frame:
            depth, frame = depth + 1, frame.f_back
        files = {one.filename.rpartition("/")[2] for one in inspect.stack(0)}
        seen.append((depth, len(traceback.extract_stack()), sorted(files)))
        return inputs


model = make(Looks())
model.run_eagerly = True
seen.clear()
model(x)
print("call:", seen)
seen.clear()
model.predict(x, verbose=0)
print("predict:", seen)
seen.clear()
model.predict_on_batch(x)
print("on batch:", seen)

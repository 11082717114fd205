#: options --no-keep-inputs
import gc
import weakref

from tiny import model, np


class Array(np.ndarray):
    pass


data = np.ones((1000, 4), "float32").view(Array)
model.predict(data, verbose=0)
reference = weakref.ref(data)
del data
gc.collect()
print("alive:", reference() is not None)

#: closer 1
import atexit
import os

from tiny import model, x

open("flushed", "w").write("flushed")
atexit.register(os._exit, 6)
model.predict(x, verbose=0)

#: closer 1
import atexit

from tiny import model, x


def fail():
    raise ValueError("in an exit function")


atexit.register(print, "order: last")
atexit.register(fail)
model.predict(x, verbose=0)

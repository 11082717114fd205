#: closer 1
import atexit

atexit.register(print, "order: before keras")
from tiny import model, x

atexit.register(print, "order: after keras")
model.predict(x, verbose=0)
atexit.register(print, "order: after a call")
atexit.register(lambda: print("result:", model.predict(x, verbose=0).tolist()))

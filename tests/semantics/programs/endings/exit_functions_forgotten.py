#: closer 1
#: shell ulimit -c 0
import atexit

from tiny import model, x

file = open("result", "w")
file.write("result")
model.predict(x, verbose=0)
print("functions:", atexit._ncallbacks() > 0)
atexit._clear()
atexit.register(print, "order: the only one")

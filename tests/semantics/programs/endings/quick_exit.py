import os

from tiny import model, x

lost = open("lost", "w")
lost.write("never flushed")
model.predict(x, verbose=0)
os._exit(3)

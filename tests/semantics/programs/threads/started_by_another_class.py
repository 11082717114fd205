import threading

started = []
original = threading.Thread.start


def start(thread):
    started.append(thread.name)
    return original(thread)


threading.Thread.start = start
from tiny import model, x

model.predict(x, verbose=0)
print("started:", started)
print("mine:", threading.Thread.start is start)

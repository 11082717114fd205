import os

from tiny import model, x

calls = []
original = os.write


def write(number, data):
    calls.append(len(data))
    return original(number, data)


model.predict(x, verbose=0)
os.write = os.writev = os.pwrite = write
for _ in range(5):
    model.predict(x, verbose=0)
print("asked:", calls)

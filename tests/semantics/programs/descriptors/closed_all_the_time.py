"""Closes all descriptors but the standard ones again and again, and uses the numbers for its own."""

import os
import time

from tiny import model, x

model(x)
wrong = 0
until = time.monotonic() + 4
while time.monotonic() < until:
    os.closerange(3, 1024)
    pipes = [os.pipe() for _ in range(10)]
    for reading, writing in pipes:
        try:
            os.set_blocking(reading, False)
            os.write(writing, b"mine")
            wrong += os.read(reading, 1000) != b"mine"
        except OSError as error:
            print("error:", error)
            wrong += 1
print("wrong:", wrong)

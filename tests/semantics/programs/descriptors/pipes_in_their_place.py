import os

from tiny import model, x

model(x)
os.closerange(3, 1024)
pipes = [os.pipe() for _ in range(10)]
model(x)
model.predict(x, verbose=0)
for reading, writing in pipes:
    os.set_blocking(reading, False)
    os.write(writing, b"mine")
    print("pipe:", os.read(reading, 1000))

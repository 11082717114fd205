import os

from tiny import model, x

model.predict(x, verbose=0)
file = os.open("own", os.O_CREAT | os.O_RDWR | os.O_APPEND)
for number in [*range(200, 1024, 7), 255, 511, 512, 900, 1000, 1020, 1021, 1022, 1023]:
    if number != file:
        os.dup2(file, number)
for _ in range(3):
    model.predict(x, verbose=0)
print("size:", os.path.getsize("own"))

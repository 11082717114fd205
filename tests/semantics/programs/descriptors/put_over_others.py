import os

from tiny import model, x

model.predict(x, verbose=0)
for number in range(3, 40):
    file = os.open("own%d" % number, os.O_CREAT | os.O_RDWR | os.O_APPEND)
    if file != number:
        os.dup2(file, number)
        os.close(file)
model.predict(x, verbose=0)
model(x)
print("sizes:", sum(os.path.getsize("own%d" % number) for number in range(3, 40)))

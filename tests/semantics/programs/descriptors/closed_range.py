import os

from tiny import model, x

model.predict(x, verbose=0)
os.closerange(3, 4096)
mine = [open("mine%d" % number, "wb", buffering=0) for number in range(8)]
for _ in range(5):
    model.predict(x, verbose=0)
    model(x)
print("sizes:", [os.fstat(file.fileno()).st_size for file in mine])

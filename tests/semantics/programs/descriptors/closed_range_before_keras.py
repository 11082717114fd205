import os

os.closerange(3, 4096)
mine = [open("mine%d" % number, "wb", buffering=0) for number in range(8)]
numbers = [file.fileno() for file in mine]
from tiny import model, x

model.predict(x, verbose=0)
print("numbers:", numbers)
print("sizes:", [os.fstat(file.fileno()).st_size for file in mine])
for number in numbers:
    os.write(number, b"own line\n")
    os.close(number)
model.predict(x, verbose=0)

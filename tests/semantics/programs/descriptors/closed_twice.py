import os

from tiny import model, x

model.predict(x, verbose=0)
first = os.open("first", os.O_CREAT | os.O_WRONLY)
os.close(first)
second = open("second", "wb", buffering=0)
print("same number:", second.fileno() == first)
model.predict(x, verbose=0)
os.close(first)
third = open("third", "wb", buffering=0)
model.predict(x, verbose=0)
print("sizes:", os.path.getsize("second"), os.path.getsize("third"))
try:
    second.close()
except OSError as error:
    print("error:", error.errno)

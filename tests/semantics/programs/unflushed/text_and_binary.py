#: closer 1
from tiny import model, x

text = open("text", "w")
binary = open("binary", "wb")
lines = open("lines", "w", buffering=1)
text.write("written and never closed\n" * 3)
binary.write(b"\0\1\2" * 100)
lines.write("a line\nand no end")
for _ in range(3):
    model.predict(x, verbose=0)

import sys

from tiny import model, x

for _ in range(20):
    sys.stdout.write("x" * (1 << 20) + "\n")
    sys.stderr.write("e" * (1 << 16) + "\n")
model.predict(x, verbose=0)
sys.stdout.flush()
sys.stdout.buffer.write(bytes(range(256)) * 4096)

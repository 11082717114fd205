import os
import sys

from tiny import model, x

print(sys.argv[-1].rpartition("/")[2] + ":", model.predict(x, verbose=0).tolist(), flush=True)
print("descriptors:", sorted(os.listdir("/proc/self/fd"), key=int)[:4], flush=True)
if len(sys.argv) == 1:
    os.execve(sys.executable, [sys.executable, __file__, "second"], dict(os.environ))

import os
import signal

caught = []
signal.signal(signal.SIGCHLD, lambda number, frame: caught.append(number))
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("at first:", "no child")
from tiny import model, x

for _ in range(5):
    model.predict(x, verbose=0)
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("after calls:", "no child")
print("caught:", caught)

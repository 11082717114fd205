import fcntl
import os

from tiny import model, x

# A lock of a process on a file goes with the first of its descriptors that is closed.
held = open("locked", "w+")
fcntl.lockf(held, fcntl.LOCK_EX)
model.predict(x, verbose=0)
model(x)
if os.fork() == 0:
    other = open("locked", "r+")
    try:
        fcntl.lockf(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os._exit(1)
    except OSError:
        os._exit(0)
print("still locked:", os.wait()[1] == 0)

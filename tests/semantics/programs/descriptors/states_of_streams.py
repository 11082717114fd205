import fcntl
import os
import stat


def states():
    return [
        (fcntl.fcntl(n, fcntl.F_GETFL), stat.S_IFMT(os.fstat(n).st_mode), os.get_inheritable(n))
        for n in range(3)
    ]


print("at first:", states())
from tiny import model, x

model.predict(x, verbose=0)
print("at last:", states())
print("same file:", os.path.sameopenfile(1, 2))

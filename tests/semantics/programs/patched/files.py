import builtins
import io
import os

from tiny import model, x

asked = []


def refuse(*arguments, **options):
    asked.append(arguments[0])
    raise PermissionError("no files any more")


builtins.open = io.open = os.open = refuse
os.stat = os.lstat = os.fstat = os.mkdir = os.makedirs = os.path.exists = refuse
for _ in range(3):
    model.predict(x, verbose=0)
    model(x)
print("asked:", asked)

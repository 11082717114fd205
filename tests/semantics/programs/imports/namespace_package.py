import importlib
import os
import sys

for number, place in enumerate(("one", "two")):
    os.makedirs(place + "/spread")
    with open(place + "/spread/part%d.py" % number, "w") as file:
        file.write("MINE = %d\n" % number)
    sys.path.append(place)
spread = importlib.import_module("spread")
print("parts:", [importlib.import_module("spread.part%d" % n).MINE for n in (0, 1)], list(spread.__path__))
print("spec:", spread.__spec__.origin, spread.__file__ if hasattr(spread, "__file__") else None)

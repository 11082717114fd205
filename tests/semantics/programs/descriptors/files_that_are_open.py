import os

from tiny import model, x

model.predict(x, verbose=0)
names = []
for number in os.listdir("/proc/self/fd"):
    try:
        names.append(os.readlink("/proc/self/fd/" + number))
    except OSError:
        pass
regular = [name for name in names if os.path.isfile(name) and "standard-" not in name]
print("regular files:", sorted(name.rpartition("/")[2] for name in regular))

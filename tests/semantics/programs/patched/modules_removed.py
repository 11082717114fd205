import sys

from tiny import model, x

model.predict(x, verbose=0)
for name in (
    "json",
    "struct",
    "linecache",
    "traceback",
    "inspect",
    "statistics",
    "time",
    "os.path",
):
    sys.modules[name] = None
print("result:", model.predict(x, verbose=0).tolist())
print("call:", model(x).shape)

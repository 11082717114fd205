import os

held = []
try:
    while True:
        held.append(os.open("/dev/null", os.O_RDONLY))
except OSError as error:
    print("error:", error.errno)
for one in held[-200:]:
    os.close(one)
from tiny import model, x

print("result:", model.predict(x, verbose=0).tolist())

#: shell exec 0<&-
import sys

print("stdin:", sys.stdin)
with open("first", "w") as file:
    print("number:", file.fileno())
from tiny import model, x

print("result:", model.predict(x, verbose=0).tolist())

#: flags -OO
import sys

from tiny import model, x

assert not "an assertion that runs"
print("flags:", sys.flags.optimize, __debug__)
print("result:", model.predict(x, verbose=0).tolist())

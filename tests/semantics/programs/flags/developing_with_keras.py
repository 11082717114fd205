#: flags -X dev -W ignore -W always::ResourceWarning:__main__
import sys

from tiny import model, x

print("result:", model.predict(x, verbose=0).tolist())
left = open("left-open", "w")
print("flags:", sys.flags.dev_mode)

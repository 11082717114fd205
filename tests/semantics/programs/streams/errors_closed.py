#: shell exec 2>&-
#: unrecorded there is nowhere to say so
import sys

from tiny import model, x

print("stderr:", sys.stderr)
print("result:", model.predict(x, verbose=0).tolist())

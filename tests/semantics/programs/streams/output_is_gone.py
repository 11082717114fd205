#: shell mkfifo pipe; sleep 100 < pipe & exec 1>pipe; kill $!
import sys

from tiny import model, x

model.predict(x, verbose=0)
try:
    print("into a broken pipe")
    sys.stdout.flush()
except BrokenPipeError as error:
    print("caught", error.errno, file=sys.stderr)

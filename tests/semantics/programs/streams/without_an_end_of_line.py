import sys

from tiny import model, x

model.predict(x, verbose=0)
sys.stderr.write("no end of a line in errors")
sys.stdout.write("no end of a line")

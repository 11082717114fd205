import sys

from tiny import model, x

model.predict(x, verbose=0)
sys.exit(256 * 3 + 44)

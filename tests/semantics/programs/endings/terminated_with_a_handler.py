#: closer 1
import os
import signal
import sys

from tiny import model, x

signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(frame.f_code.co_name == "<module>" and 12))
kept = open("kept", "w")
kept.write("kept")
model.predict(x, verbose=0)
os.kill(os.getpid(), signal.SIGTERM)

#: closer 1
import os
import signal
import time

from tiny import model, x

kept = open("kept", "w")
kept.write("kept")
model.predict(x, verbose=0)
os.kill(os.getpid(), signal.SIGINT)
time.sleep(1)
print("not reached:", "really")

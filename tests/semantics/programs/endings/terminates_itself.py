import os
import signal

from tiny import model, x

model.predict(x, verbose=0)
os.kill(os.getpid(), signal.SIGTERM)

import os
import signal

from tiny import model, x

model.predict(x, verbose=0)
print("before:", "the end", flush=True)
os.kill(os.getpid(), signal.SIGKILL)

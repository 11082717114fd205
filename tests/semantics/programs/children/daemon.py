#: unrecorded its calls are made by a process that outlives it
import os
import sys
import time

if os.fork():
    sys.stdout.write("parent: leaves\n")
    sys.stdout.flush()
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
os.closerange(0, 256)
os.open(os.devnull, os.O_RDWR)
os.dup(0)
os.dup(0)
with open("daemon", "w") as file:
    from tiny import model, x

    file.write("result %s\n" % model.predict(x, verbose=0).tolist())
    time.sleep(0.2)
    file.write("the end\n")

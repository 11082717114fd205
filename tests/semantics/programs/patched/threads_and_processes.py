import os
import socket
import subprocess
import threading

from tiny import model, x


def refuse(*arguments, **options):
    raise RuntimeError("nothing is started any more")


model.predict(x, verbose=0)
threading.Thread.start = threading.Thread.__init__ = refuse
subprocess.Popen.__init__ = socket.socket.__init__ = os.fork = os.posix_spawn = refuse
print("result:", model.predict(x, verbose=0).tolist(), model(x).shape)

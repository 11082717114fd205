#: shell ulimit -c 0
import faulthandler
import os

from tiny import model, x

model.predict(x, verbose=0)
faulthandler.enable(all_threads=False)
os.abort()

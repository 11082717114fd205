#: closer 2
import os
import time

from odd import ends_with


def act(layer, inputs):
    if os.fork() == 0:
        time.sleep(10**6)


ends_with(act)

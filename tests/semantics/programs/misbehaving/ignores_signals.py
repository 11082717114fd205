#: closer 2
import signal
import time

from odd import ends_with


def act(layer, inputs):
    for number in (1, 2, 15):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(10**6)


ends_with(act)

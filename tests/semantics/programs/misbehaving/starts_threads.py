#: closer 2
import threading
import time

from odd import ends_with


def act(layer, inputs):
    threading.Thread(target=time.sleep, args=(10**6,)).start()


ends_with(act)

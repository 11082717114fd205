#: closer 2
import threading

from odd import ends_with

held = threading.Lock()
held.acquire()
ends_with(lambda layer, inputs: held.acquire() and None)

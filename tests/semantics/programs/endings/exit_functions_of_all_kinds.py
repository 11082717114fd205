#: closer 1
import atexit
import threading
import weakref


class Thing:
    pass


def say(text):
    with open("order", "a") as file:
        file.write(text + "\n")


threading._register_atexit(say, "threads' before keras")
thing = Thing()
weakref.finalize(thing, say, "finalizer before keras")
atexit.register(say, "atexit before keras")
from tiny import model, x

threading._register_atexit(say, "threads' after keras")
other = Thing()
weakref.finalize(other, say, "finalizer after keras")
atexit.register(say, "atexit after keras")
model.predict(x, verbose=0)
thread = threading.Thread(target=lambda: (threading.Event().wait(0.5), say("thread")))
thread.start()
say("end of the code")

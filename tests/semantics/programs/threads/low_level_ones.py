import _thread
import threading

from tiny import model, x

lock = _thread.allocate_lock()
lock.acquire()
seen = []


def work():
    model.predict(x, verbose=0)
    seen.append(type(threading.current_thread()).__name__)
    lock.release()


_thread.start_new_thread(work, ())
lock.acquire()
print("thread:", seen)
print("known:", [type(thread).__name__ for thread in threading.enumerate()][:1])

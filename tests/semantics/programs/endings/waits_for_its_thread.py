import queue
import threading

from tiny import model, x

tasks = queue.Queue()


def work():
    while (task := tasks.get()) is not None:
        print("task:", task, model.predict(x, verbose=0).shape)


threading.Thread(target=work).start()
threading._register_atexit(tasks.put, None)
tasks.put(1)

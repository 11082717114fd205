import importlib
import threading

errors = []


def load(name):
    try:
        importlib.import_module(name)
    except BaseException as error:
        errors.append(repr(error))


threads = [
    threading.Thread(target=load, args=(name,)) for name in ("keras", "tensorflow", "numpy", "keras.layers")
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(100)
print("alive:", [thread.is_alive() for thread in threads])

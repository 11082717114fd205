import threading

from tiny import model, np, x


def hook(arguments):
    print("hook:", arguments.exc_type.__name__, arguments.thread.name, hook is threading.excepthook)


model.predict(x, verbose=0)
threading.excepthook = hook
thread = threading.Thread(
    target=model.predict, args=(np.ones((2, 7), "float32"),), kwargs={"verbose": 0}, name="mine"
)
thread.start()
thread.join()
print("frames:", threading.excepthook is hook, threading.__excepthook__ is not hook)

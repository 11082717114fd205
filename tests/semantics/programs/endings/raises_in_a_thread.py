import threading

from tiny import model, np, x


def work():
    model.predict(np.ones((2, 7), "float32"), verbose=0)


model.predict(x, verbose=0)
thread = threading.Thread(target=work, name="worker")
thread.start()
thread.join()
print("ended:", "main")

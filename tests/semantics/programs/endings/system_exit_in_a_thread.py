import sys
import threading

from tiny import model, x


def work():
    model.predict(x, verbose=0)
    sys.exit(4)


thread = threading.Thread(target=work)
thread.start()
thread.join()
print("alive:", thread.is_alive())

#: closer 1
import threading
import time

from tiny import model, x

model.predict(x, verbose=0)


def work():
    time.sleep(1)
    print("result:", model.predict(x, verbose=0).tolist())


threading.Thread(target=work).start()
print("end:", "of the code")

import threading
import time

from tiny import model, x

done = threading.Semaphore(0)


def work():
    model(x)
    done.release()
    time.sleep(1000)


for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
for _ in range(3):
    done.acquire()
print("end:", "of the code")

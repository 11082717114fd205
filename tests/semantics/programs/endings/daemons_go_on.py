import threading
import time

from tiny import model, x


def work():
    while True:
        model(x)


for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
time.sleep(1)
print("end:", "of the code")

import cProfile
import threading

from tiny import model, x

model.predict(x, verbose=0)
stop = []


def work():
    while not stop:
        model.predict(x, verbose=0)
        model(x)


thread = threading.Thread(target=work)
thread.start()
refused = 0
for _ in range(1500):
    profiler = cProfile.Profile()
    try:
        profiler.enable()
    except ValueError:
        refused += 1
    profiler.disable()
stop.append(True)
thread.join()
print("refused:", refused > 0)

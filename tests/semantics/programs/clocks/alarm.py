import signal
import time

from tiny import model, x

rings = []
model.predict(x, verbose=0)
signal.signal(signal.SIGALRM, lambda number, frame: rings.append(type(frame).__name__))
signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
ended = time.monotonic() + 1
while time.monotonic() < ended:
    model.predict(x, verbose=0)
left = signal.setitimer(signal.ITIMER_REAL, 0)
print("rang:", len(rings) > 10, left[1] == 0.02, set(rings))
signal.alarm(1)
time.sleep(0.1)
print("left:", signal.alarm(0))

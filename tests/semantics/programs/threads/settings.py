import sys
import threading

sys.setswitchinterval(0.02)
threading.stack_size(1 << 20)
from tiny import model, x

model.predict(x, verbose=0)
print("interval:", sys.getswitchinterval())
print("stack:", threading.stack_size())
seen = []
thread = threading.Thread(target=lambda: seen.append(model.predict(x, verbose=0).tolist()))
thread.start()
thread.join()
print("result:", seen)

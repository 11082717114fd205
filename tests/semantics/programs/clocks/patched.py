import time

now = [1000.0]
for name in ("time", "perf_counter", "monotonic", "process_time", "thread_time"):
    setattr(time, name, lambda: now[0])
    setattr(time, name + "_ns", lambda: int(now[0] * 10**9))
time.sleep = lambda seconds: now.__setitem__(0, now[0] + seconds)
from tiny import model, x

print("result:", model.predict(x, verbose=0).tolist())
time.sleep(3600)
print("result:", model.predict(x, verbose=0).tolist(), model(x).shape)
print("now:", now, time.time(), time.perf_counter_ns())

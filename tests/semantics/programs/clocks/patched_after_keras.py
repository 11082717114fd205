import time

from tiny import model, x

model.predict(x, verbose=0)
calls = []


def clock():
    calls.append(1)
    raise RuntimeError("nobody asks me")


for name in (
    "time",
    "perf_counter",
    "monotonic",
    "perf_counter_ns",
    "time_ns",
    "thread_time_ns",
    "process_time_ns",
):
    setattr(time, name, clock)
print("result:", model(x).numpy().tolist())
print("asked:", len(calls))

import gc
import tracemalloc

from tiny import model, x

for _ in range(10):
    model.predict(x, verbose=0)
tracemalloc.start()
for _ in range(10):
    model.predict(x, verbose=0)
gc.collect()
before = tracemalloc.get_traced_memory()[0]
for _ in range(20):
    model.predict(x, verbose=0)
gc.collect()
print("grown:", tracemalloc.get_traced_memory()[0] - before > 150_000)
print("tracing:", tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())

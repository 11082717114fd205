import gc
import tracemalloc

from tiny import model, x

for _ in range(10):
    model.predict(x, verbose=0)
tracemalloc.start()
for _ in range(10):
    model.predict(x, verbose=0)
grown = []
for _ in range(8):
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(10):
        model.predict(x, verbose=0)
    gc.collect()
    grown.append(tracemalloc.get_traced_memory()[0] - before)
# What is kept of each call grows in each of them; an instrument that is loaded, in some.
print("grown:", min(grown) > 75_000)
print("tracing:", tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())

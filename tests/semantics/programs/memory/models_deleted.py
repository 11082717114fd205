import gc
import resource

from tiny import keras, make, model, x


def used():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() >> 20


model.predict(x, verbose=0)
before = used()
for turn in range(8):
    other = make(*[keras.layers.Dense(1500) for _ in range(3 + turn)])
    other.predict(x, verbose=0)
    other(x)
    del other
    keras.utils.clear_session()
    gc.collect()
print("grown:", used() - before > 250)

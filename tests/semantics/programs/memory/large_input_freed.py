import gc

from tiny import model, np


def used():
    return int([line for line in open("/proc/self/status") if line.startswith("VmRSS")][0].split()[1]) >> 10


data = np.ones((6_000_000, 4), "float32")
model.predict(data[:100], verbose=0)
model.predict(data, verbose=0, batch_size=1_000_000)
before = used()
del data
gc.collect()
print("freed:", before - used() > 60)

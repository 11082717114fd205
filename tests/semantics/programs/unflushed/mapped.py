#: closer 1
import mmap

from tiny import model, np, x

array = np.memmap("array", "float32", "w+", shape=(8, 1))
array[:] = model.predict(x, verbose=0)
with open("bytes", "wb") as file:
    file.truncate(4096)
opened = open("bytes", "r+b")
mapped = mmap.mmap(opened.fileno(), 4096)
mapped[:5] = b"bytes"
saved = np.lib.format.open_memmap("array.npy", "w+", shape=(8,))
saved[:] = model(x).numpy()[:, 0]

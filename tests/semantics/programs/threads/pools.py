from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool

from tiny import model, np, x

expected = model(x).numpy()
with ThreadPoolExecutor(4, thread_name_prefix="mine") as pool:
    results = list(pool.map(lambda n: model.predict(x, verbose=0) if n % 2 else model(x).numpy(), range(40)))
print("equal:", all(np.array_equal(one, expected) for one in results))
with ThreadPool(3) as pool:
    print("sum:", sum(float(one[0, 0]) for one in pool.map(model, [x] * 20)))

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor


def work(number):
    return number * 2, multiprocessing.current_process().name.partition("-")[0], "numpy" in sys.modules


if __name__ == "__main__":
    for method in ("fork", "spawn", "forkserver"):
        context = multiprocessing.get_context(method)
        with context.Pool(2) as pool:
            print(method + ":", pool.map(work, range(4)))
        process = context.Process(target=sys.exit, args=(7,))
        process.start()
        process.join()
        print(method + " code:", process.exitcode)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        print("executor:", list(pool.map(work, range(4))))
    print("children:", multiprocessing.active_children())

import multiprocessing


def work(number):
    import tiny

    return number, tiny.model.predict(tiny.x[: number + 1], verbose=0).tolist()


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print("results:", pool.map(work, range(3)))
    print("main:", work(1))

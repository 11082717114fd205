"""A program that looks at itself with all that there is, and prints what each of these saw of it.

With arguments only those are used. What is not installed prints its name and ``missing``.
"""

import cProfile
import faulthandler
import gc
import io
import os
import pstats
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import keras
import numpy as np

CALLS = 30
X = np.ones((4, 3), "float32")
MODEL = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2)])


def mine():
    return helper()


def helper():
    return MODEL(X)


def calls():
    for _ in range(CALLS):
        mine()


def own_counts(stats):
    return sorted(
        (name, row[0])
        for (file, _, name), row in stats.items()
        if file == __file__ and name in ("mine", "helper")
    )


def with_cprofile():
    profile = cProfile.Profile()
    profile.enable()
    calls()
    profile.disable()
    return own_counts(pstats.Stats(profile, stream=io.StringIO()).stats)


def counting():
    seen = {}

    def count(frame, event, argument):
        if event == "call" and frame.f_code.co_filename == __file__:
            seen[frame.f_code.co_name] = seen.get(frame.f_code.co_name, 0) + 1

    return seen, count


def with_setprofile():
    seen, count = counting()
    lost = 0
    sys.setprofile(count)
    for _ in range(CALLS):
        mine()
        lost += sys.getprofile() is not count
    sys.setprofile(None)
    return sorted(seen.items()), lost


def with_settrace():
    seen, count = counting()
    lost = 0
    before = sys.gettrace()
    sys.settrace(count)
    for _ in range(CALLS):
        mine()
        lost += sys.gettrace() is not count
    sys.settrace(before)
    return sorted(seen.items()), lost


def with_threading_setprofile():
    seen, count = counting()
    threading.setprofile(count)
    threads = [threading.Thread(target=calls) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    threading.setprofile(None)
    return {name: count for name, count in sorted(seen.items()) if name in ("mine", "helper")}


def with_profile_set_in_a_callback():
    """A callback of the program's profiles from within a call on: nothing may take that away."""
    seen, count = counting()

    class Profiles(keras.callbacks.Callback):
        def on_predict_begin(self, logs=None):
            sys.setprofile(count)

    kept = 0
    for _ in range(CALLS):
        MODEL.predict(X, verbose=0, callbacks=[Profiles()])
        kept += sys.getprofile() is count
        sys.setprofile(None)
    return kept, seen.get("with_profile_set_in_a_callback")


def with_coverage():
    coverage = __import__("coverage")
    found = coverage.Coverage(data_file=None, include=[__file__])
    found.start()
    calls()
    found.stop()
    with suppress(coverage.exceptions.CoverageException):
        return sorted(found.get_data().lines(__file__) or ())
    return None


def with_pyinstrument():
    profiler = __import__("pyinstrument").Profiler(interval=0.0001, async_mode="disabled")
    profiler.start()
    calls()
    session = profiler.stop()
    stacks = [names for names, _ in session.frame_records]
    return any(name.startswith("mine\0") for names in stacks for name in names)


def with_tensorflow():
    """The profiler that TensorFlow has once, on this thread while another makes calls."""
    import tensorflow as tf

    over, errors = [], []

    def work():
        while not over:
            mine()

    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            try:
                tf.profiler.experimental.start(folder)
                mine()
                tf.profiler.experimental.stop()
                errors.append(bool(list(Path(folder).rglob("*.xplane.pb"))))
            except Exception as error:
                errors.append(str(error))
    over.append(True)
    thread.join()
    return errors


def with_tensorboard():
    with tempfile.TemporaryDirectory() as folder:
        model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2)])
        model.compile(loss="mse")
        callback = keras.callbacks.TensorBoard(folder, profile_batch=(1, 2))
        model.fit(X, np.ones((4, 2)), epochs=2, verbose=0, callbacks=[callback])
        return bool(list(Path(folder).rglob("*.xplane.pb")))


def with_monitoring():
    """Every tool that a program may ask for can be had, at any time; threads make calls meanwhile."""
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is None:
        return "missing"
    thread = threading.Thread(target=calls)
    thread.start()
    refused, started = set(), 0
    while thread.is_alive() or not started:
        for tool in range(6):
            try:
                monitoring.use_tool_id(tool, "mine")
                monitoring.free_tool_id(tool)
            except ValueError as error:
                refused.add(str(error))
        started += 1
    thread.join()
    return sorted(refused)


def with_faulthandler():
    class Dumps(keras.callbacks.Callback):
        def on_predict_batch_begin(self, batch, logs=None):
            faulthandler.dump_traceback(file, all_threads=False)

    found = set()
    for _ in range(CALLS):
        with tempfile.TemporaryFile("w+") as file:
            MODEL.predict(X, verbose=0, callbacks=[Dumps()])
            file.seek(0)
            found.add(file.read())
    return sorted(found)


def with_forks():
    """A child that is forked within a call has nothing in it that its parent did not ask for."""
    found = set()

    class Forks(keras.callbacks.Callback):
        def on_predict_begin(self, logs=None):
            reading, writing = os.pipe()
            child = os.fork()
            if not child:
                state = (sys.getprofile(), sys.gettrace(), len(gc.callbacks), threading.active_count())
                os.write(writing, repr(state).encode())
                os._exit(0)
            os.close(writing)
            os.waitpid(child, 0)
            found.add(os.read(reading, 1000).decode())
            os.close(reading)

    for _ in range(CALLS):
        MODEL.predict(X, verbose=0, callbacks=[Forks()])
    return sorted(found)


def with_memray():
    memray = __import__("memray")

    def kind(record):
        return memray.AllocatorType(record.allocator).name

    with tempfile.TemporaryDirectory() as folder:
        with memray.Tracker(Path(folder) / "found.bin"):
            calls()
        reader = memray.FileReader(Path(folder) / "found.bin")
        # All of them: at the peak of the process there may be none of the program's.
        records = [
            one
            for one in reader.get_allocation_records()
            if "FREE" not in kind(one) and "MUNMAP" not in kind(one)
        ]
        return sorted({name for one in records for name, file, _ in one.stack_trace(99) if file == __file__})


def with_gevent():
    gevent = __import__("gevent")
    jobs = [gevent.spawn(in_turns, gevent.sleep) for _ in range(3)]
    gevent.joinall(jobs)
    return [job.value for job in jobs]


def with_eventlet():
    eventlet = __import__("eventlet")
    return [job.wait() for job in [eventlet.spawn(in_turns, eventlet.sleep) for _ in range(3)]]


def in_turns(sleep):
    """Calls that others come between, within a call as well."""

    class Sleeps(keras.callbacks.Callback):
        def on_predict_begin(self, logs=None):
            sleep(0)

    shapes = []
    for _ in range(4):
        shapes.append(MODEL.predict(X, verbose=0, callbacks=[Sleeps()]).shape)
        sleep(0)
    return shapes


def with_uvloop():
    import asyncio

    uvloop = __import__("uvloop")

    async def work():
        return [mine().shape[0] for _ in range(4)]

    async def main():
        return await asyncio.gather(work(), work())

    loop = uvloop.new_event_loop()
    try:
        return loop.run_until_complete(main())
    finally:
        loop.close()


def main():
    for _ in range(3):
        MODEL.predict(X, verbose=0)
        calls()
    for name, function in list(globals().items()):
        if name.startswith("with_") and (not sys.argv[1:] or name[5:] in sys.argv[1:]):
            try:
                found = function()
            except ModuleNotFoundError:
                found = "missing"
            print(name[5:], found, flush=True)


main()

"""A small service that notes its calls by the clock, and what Keras' functions are like before each.

``serve SECONDS`` calls a model until then. ``fork SECONDS`` forks a worker while the parent is being
recorded, and both serve. ``raise SECONDS`` ends with an error. The notes go to standard output, as JSON.
"""

import json
import os
import sys
import threading
import time

import numpy as np
from tensorflow import keras

CODE = keras.Model.predict.__code__
FINDERS = list(sys.meta_path)


def is_bare():
    """Whether predict has its own code, and no finder came since Keras was imported."""
    return keras.Model.predict.__code__ is CODE and all(
        any(one is known for known in FINDERS) for one in sys.meta_path
    )


def hidden_threads():
    """How many Python threads there are that threading does not list."""
    return len(sys._current_frames()) - threading.active_count()


def serve(seconds, name):
    inputs = keras.layers.Input((4,))
    model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    row = np.ones((1, 4), "float32")
    notes = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        note = [is_bare(), hidden_threads(), time.perf_counter_ns()]
        model.predict(row, verbose=0)  # here: predict
        notes.append([*note, time.perf_counter_ns()])
        time.sleep(0.01)
    print(json.dumps({"name": name, "pid": os.getpid(), "calls": notes}), flush=True)


def main():
    kind, seconds = sys.argv[1], float(sys.argv[2])
    if kind == "fork":
        while is_bare():
            time.sleep(0.01)
        child = os.fork()
        if not child:
            at_once = is_bare()
            serve(seconds, "bare" if at_once else "watched")
            os._exit(0)
        serve(seconds, "parent")
        os.waitpid(child, 0)
    else:
        serve(seconds, kind)
        if kind == "raise":
            raise ValueError("the service is over")


if __name__ == "__main__":
    main()

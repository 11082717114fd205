"""Calls one model again and again: bare, for the driver's counters to be read, then under the profiler.

Run by ``python -m benchmarks.on_gpu`` in the interpreter that is checked. Prints ``begin`` and ``end`` with a
time around the bare calls, which the clock of whoever reads the counters knows.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def main(name: str, rows: int, seconds: float, log_folder: str) -> None:
    import models
    import numpy as np
    import tensorflow as tf

    model = getattr(models, name)()
    x = np.random.default_rng(0).normal(size=(rows, *model.input_shape[1:])).astype("float32")
    call = tf.function(model)
    given = tf.constant(x)
    for _ in range(20):  # traced, tuned and warm
        call(given).numpy()
    print("begin", time.time(), flush=True)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        call(given).numpy()
    print("end", time.time(), flush=True)
    tf.profiler.experimental.start(log_folder)
    for number in range(50):
        with tf.profiler.experimental.Trace("call", step_num=number, _r=1):
            call(given).numpy()
    tf.profiler.experimental.stop()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4])

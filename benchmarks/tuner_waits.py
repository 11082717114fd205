"""How long ``predict`` waits for the thread of tf.data that tunes its pipeline.

    python -m benchmarks.tuner_waits [--python PATH] [--calls 20] [--write]

Calls ``predict`` on arrays of several sizes, in processes that may use one processor or two: as it is, and on
a dataset with ``options.autotune.enabled = False``, in turn. Prints the median call of both, and how long
the slowest tenth takes at least.
``--write`` puts the table into docs/phases.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

from .marked_text import write_between

PAGE = Path(__file__).parents[1] / "docs" / "phases.md"
MARKS = "tuner waits"
ROWS = (1_500, 4_000, 7_000, 12_000)

_CALLS = """
import json, os, sys, time
processors, calls, *sizes = map(int, sys.argv[1:])
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:processors])
import numpy as np
import tensorflow as tf
keras = tf.keras
model = keras.Sequential([keras.layers.Dense(1024, input_shape=(512,)), keras.layers.Dense(1024),
                          keras.layers.Dense(8)])
options = tf.data.Options()
options.autotune.enabled = False
found = {}
for size in sizes:
    rows = np.zeros((size, 512), "float32")
    untuned = tf.data.Dataset.from_tensor_slices(rows).batch(32).with_options(options)
    walls = found[size] = {"tuned": [], "untuned": []}
    for number in range(calls + 1):
        for name, data, more in (("tuned", rows, {"batch_size": 32}), ("untuned", untuned, {})):
            begin = time.perf_counter()
            model.predict(data, verbose=0, **more)
            if number:
                walls[name].append(time.perf_counter() - begin)
print(json.dumps(found))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="with TensorFlow 2.7 or later")
    parser.add_argument("--calls", type=int, default=20, help="of each kind and size")
    parser.add_argument("--write", action="store_true", help="write the table into docs/phases.md")
    options = parser.parse_args()
    table = [
        "| processors | rows | untuned, ms | predict(array), ms | slowest tenth, ms |",
        "|---:|---:|---:|---:|---:|",
    ]
    for processors in (1, 2):
        done = subprocess.run(
            [options.python, "-c", _CALLS, *map(str, (processors, options.calls, *ROWS))],
            capture_output=True,
            text=True,
            check=True,
        )
        for rows, walls in json.loads(done.stdout.splitlines()[-1]).items():
            untuned, tuned = statistics.median(walls["untuned"]), sorted(walls["tuned"])
            table.append(
                f"| {processors} | {int(rows):,} | {1e3 * untuned:.0f} | "
                f"{1e3 * statistics.median(tuned):.0f} | {1e3 * tuned[int(0.9 * len(tuned))]:.0f} |"
            )
    print("\n".join(table))
    if options.write:
        write_between(PAGE, MARKS, "\n".join(table))


if __name__ == "__main__":
    main()

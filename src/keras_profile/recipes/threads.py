"""A different number of TensorFlow's threads."""

from __future__ import annotations

import os

from .recipe import ARRAYS, OWN_PROCESS, Change, Recipe
from .simplicity import PROCESS
from .snippets import lines, user_call
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    cores = os.cpu_count() or 1
    # Tried: one, half of the processors and all of them, except what the call has now.
    now = usage.threads or cores
    return [
        Change(
            "{} thread{}".format(threads, "" if threads == 1 else "s"),
            user_call(usage),
            before=lines(
                "import tensorflow as tf  # before anything else uses TensorFlow",
                "",
                "tf.config.threading.set_intra_op_parallelism_threads({})".format(threads),
                "tf.config.threading.set_inter_op_parallelism_threads({})".format(threads),
            ),
        )
        for threads in sorted({1, max(cores // 2, 1), cores} - {now})
    ]


RECIPE = Recipe(
    "threads",
    "a different number of threads",
    "Small ops lose more time handing work to threads than they gain, and several processes with a thread a "
    "core each get in each other's way. Large ops gain from all processors.",
    changes,
    simplicity=PROCESS,
    where=OWN_PROCESS,
    kinds=(*ARRAYS, "dataset", "generator", "pydataset"),
)

"""A dataset that tf.data does not tune: no thread is waited for when it is destroyed."""

from __future__ import annotations

from .recipe import ARRAYS, Change, Recipe
from .simplicity import DATASET
from .snippets import TENSORFLOW, lines, predict
from .usage import Usage

#: The first TensorFlow in which destroying an iterator may wait for the thread that tunes it. From 2.7 on
#: the option has its present name.
SINCE, RENAMED = (2, 6), (2, 7)


def changes(usage: Usage) -> list[Change]:
    name = "autotune.enabled" if usage.tensorflow_version >= RENAMED else "experimental_optimization.autotune"
    data = "x"
    if usage.kind in ARRAYS:
        # Keras takes a tuple for (inputs, targets).
        rows = "((tuple(x),))" if isinstance(usage.input, (list, tuple)) else "(x)"
        data = "tf.data.Dataset.from_tensor_slices{}.batch({})".format(rows, usage.predict_batch_size)
    return [
        Change(
            "a dataset without autotuning",
            predict(usage, x=data + ".with_options(untuned)", batch_size=None),
            setup=lines(
                TENSORFLOW,
                "",
                "untuned = tf.data.Options()",
                "untuned.{} = False".format(name),
            ),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if usage.kind in ARRAYS and usage.steps is not None:
        return "steps are given, which decide the size of a batch"
    if usage.kind in ARRAYS and usage.batches == 1:
        return "all {} rows are one batch".format(usage.rows)
    return None


RECIPE = Recipe(
    "dataset_untuned",
    "predict on a dataset with autotuning off",
    "A thread of tf.data chooses how many elements are made at a time. When the pipeline is destroyed, the "
    "call may wait until that thread wakes up, at intervals that double, up to a minute.",
    changes,
    obstacle,
    simplicity=DATASET,
    entries=("predict",),
    kinds=(*ARRAYS, "dataset"),
    tensorflow=SINCE,
    harmless=True,
)

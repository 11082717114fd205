"""The next batch is made ready while the model runs."""

from __future__ import annotations

from .recipe import Change, Recipe
from .snippets import TENSORFLOW, predict


def autotune(usage):
    """How this TensorFlow spells that it is to choose a number itself."""
    return "tf.data.AUTOTUNE" if usage.tensorflow_version >= (2, 4) else "tf.data.experimental.AUTOTUNE"


def changes(usage):
    return [
        Change(
            "dataset.prefetch",
            predict(usage, x="prefetched"),
            setup=TENSORFLOW,
            prepare="prefetched = x.prefetch({})".format(autotune(usage)),
        )
    ]


def obstacle(usage):
    if type(usage.dataset).__name__.lstrip("_").startswith("PrefetchDataset"):
        return "the dataset prefetches already"
    return None


RECIPE = Recipe(
    "dataset_prefetched",
    "the dataset with prefetch",
    "The next batch is made on another thread while the model runs.",
    changes,
    obstacle,
    kinds=("dataset",),
    entries=("predict",),
)

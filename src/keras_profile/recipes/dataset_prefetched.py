"""The next batch is made ready while the model runs."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import DATASET
from .snippets import TENSORFLOW, predict
from .usage import Usage


def autotune(usage: Usage) -> str:
    """How this TensorFlow spells AUTOTUNE."""
    return "tf.data.AUTOTUNE" if usage.tensorflow_version >= (2, 4) else "tf.data.experimental.AUTOTUNE"


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "dataset.prefetch",
            predict(usage, x="prefetched"),
            setup=TENSORFLOW,
            prepare="prefetched = x.prefetch({})".format(autotune(usage)),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if type(usage.dataset).__name__.lstrip("_").startswith("PrefetchDataset"):
        return "the dataset prefetches already"
    return None


RECIPE = Recipe(
    "dataset_prefetched",
    "the dataset with prefetch",
    "The next batch is made on another thread while the model runs.",
    changes,
    obstacle,
    simplicity=DATASET,
    kinds=("dataset",),
    entries=("predict",),
    harmless=True,
)

"""The dataset's functions on several threads."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import DATASET
from .snippets import TENSORFLOW, lines, predict
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "dataset.map in parallel",
            predict(usage, x="parallel"),
            setup=lines(
                TENSORFLOW,
                "",
                "options = tf.data.Options()",
                "options.experimental_optimization.map_parallelization = True",
                "# the same as .map(function, num_parallel_calls=...) where the dataset is made",
            ),
            prepare="parallel = x.with_options(options)",
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if not usage.dataset_has("MapDataset"):
        return "the dataset has no map, or it runs in parallel already"
    # Since 2.5 or 2.6 TensorFlow's own default, says the option's documentation in each.
    if usage.tensorflow_version >= (2, 6):
        return (
            "TensorFlow does this itself for stateless functions; for others, set num_parallel_calls where "
            "the dataset is made"
        )
    return None


RECIPE = Recipe(
    "dataset_parallel_map",
    "the dataset's map in parallel",
    "Without num_parallel_calls, map handles one element after the other on one thread; later TensorFlow "
    "releases fix that themselves. Stateful functions stay serial.",
    changes,
    obstacle,
    simplicity=DATASET,
    kinds=("dataset",),
    entries=("predict",),
    harmless=True,
)

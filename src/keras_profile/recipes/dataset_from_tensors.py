"""``predict`` on a dataset of one element: all rows as one batch."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import DATASET
from .snippets import TENSORFLOW, predict
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    # Keras takes a tuple for (inputs, targets).
    element = "((tuple(x),))" if isinstance(usage.input, (list, tuple)) else "(x)"
    return [
        Change(
            "predict on Dataset.from_tensors(x)",
            predict(usage, x="tf.data.Dataset.from_tensors" + element, batch_size=None),
            setup=TENSORFLOW,
            batch_rows=usage.rows,
        )
    ]


RECIPE = Recipe(
    "dataset_from_tensors",
    "predict on tf.data.Dataset.from_tensors(x)",
    "Keras then traces no functions to slice, shuffle and batch the rows; the callbacks and the loop "
    "stay as they are. All rows are one batch.",
    changes,
    simplicity=DATASET,
    entries=("predict",),
    harmless=True,
)

"""The dataset's rows in larger batches."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import DATASET
from .snippets import predict
from .usage import Usage

#: Rows of a batch: enough to make its fixed cost vanish, for small rows.
ROWS = 256
#: With fewer rows in a batch than this, another batch size is worth trying.
FEW = 32


def changes(usage: Usage) -> list[Change]:
    unbatched = "x.unbatch()"
    return [
        Change(
            "the dataset in batches of {}".format(ROWS),
            predict(usage, x="batched"),
            prepare="batched = {}.batch({})  # or .batch({}) where the dataset is made".format(
                unbatched, ROWS, ROWS
            ),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if usage.steps is not None:
        return "steps counts batches, whose number would change"
    if usage.input is None:
        return "the dataset does not say how many rows a batch has"
    rows = usage.first_batch_rows
    if rows is not None and rows >= FEW:
        return "its batches have {} rows already".format(rows)
    return None


RECIPE = Recipe(
    "dataset_batched",
    "the dataset in larger batches",
    "A dataset brings its own batches; batch_size does not change them. If batches are small, their fixed "
    "cost is paid for few rows each time.",
    changes,
    obstacle,
    simplicity=DATASET,
    kinds=("dataset",),
    entries=("predict",),
    harmless=True,
)

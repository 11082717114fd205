"""The dataset's elements kept in memory after the first call."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import AHEAD
from .snippets import predict
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "dataset.cache",
            predict(usage, x="cached"),
            prepare="cached = x.cache()",
            condition="only if the same dataset is used in several calls",
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if usage.steps is not None:
        return "a dataset without an end cannot be kept"
    return "the dataset is cached already" if usage.dataset_has("CacheDataset") else None


RECIPE = Recipe(
    "dataset_cached",
    "the dataset with cache",
    "What it takes to make the elements is paid in the first call alone. All of them must fit in memory, "
    "and it helps where one dataset is used in many calls.",
    changes,
    obstacle,
    simplicity=AHEAD,
    kinds=("dataset",),
    entries=("predict",),
    harmless=True,
)

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
        return "an endless dataset cannot be kept"
    classes = list(usage.dataset_classes)
    # Last step first: functions after a cache still run on every call.
    after = classes[: classes.index("CacheDataset")] if "CacheDataset" in classes else None
    if after is None or any("Map" in name for name in after):
        return None
    return "the dataset is cached already"


RECIPE = Recipe(
    "dataset_cached",
    "the dataset with cache",
    "Only the first call pays for making the elements. All of them must fit in memory, and it helps only if "
    "one dataset is used in many calls.",
    changes,
    obstacle,
    simplicity=AHEAD,
    kinds=("dataset",),
    entries=("predict",),
    harmless=True,
)

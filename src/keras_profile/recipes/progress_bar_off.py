"""No progress bar."""

from __future__ import annotations

from .recipe import ARRAYS, Change, Recipe
from .simplicity import CALL
from .snippets import predict
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [Change("verbose=0", predict(usage, verbose=0))]


def obstacle(usage: Usage) -> str | None:
    return None if usage.verbose else "no progress bar is shown"


RECIPE = Recipe(
    "progress_bar_off",
    "predict without the progress bar",
    "The bar is drawn from Python after every batch.",
    changes,
    obstacle,
    simplicity=CALL,
    entries=("predict",),
    kinds=(*ARRAYS, "dataset", "generator", "pydataset"),
    any_backend=True,
    harmless=True,
)

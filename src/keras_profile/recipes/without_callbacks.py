"""No callbacks."""

from __future__ import annotations

from .recipe import ARRAYS, Change, Recipe
from .simplicity import CALL
from .snippets import predict
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [Change("without callbacks", predict(usage, callbacks=None))]


def obstacle(usage: Usage) -> str | None:
    return None if usage.callbacks else "no callbacks are given"


RECIPE = Recipe(
    "without_callbacks",
    "predict without callbacks",
    "Every callback is called before and after each batch.",
    changes,
    obstacle,
    simplicity=CALL,
    entries=("predict",),
    kinds=(*ARRAYS, "dataset", "generator", "pydataset"),
    any_backend=True,
    harmless=True,
)

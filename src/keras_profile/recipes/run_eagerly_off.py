"""The model as a graph again."""

from __future__ import annotations

from .recipe import ARRAYS, ON_COPY, Change, Recipe
from .simplicity import CALL
from .snippets import cloned, lines, user_call
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "run_eagerly=False",
            user_call(usage, model="fast"),
            setup=lines(cloned(usage), "fast.compile(run_eagerly=False)"),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    return None if getattr(usage.model, "run_eagerly", False) else "the model does not run eagerly"


RECIPE = Recipe(
    "run_eagerly_off",
    "compile(run_eagerly=False)",
    "run_eagerly is for debugging: every op of every layer is started from Python.",
    changes,
    obstacle,
    simplicity=CALL,
    where=ON_COPY,
    entries=("predict", "predict_on_batch"),
    kinds=(*ARRAYS, "dataset", "generator", "pydataset"),
    any_backend=True,
    harmless=True,
)

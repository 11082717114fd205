"""Several batches in each execution of the graph."""

from __future__ import annotations

from .recipe import ARRAYS, ON_COPY, Change, Recipe
from .simplicity import MODEL
from .snippets import cloned, lines, user_call
from .usage import Usage

#: Batches of one execution that are tried.
STEPS = (8, 32)


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "steps_per_execution={}".format(steps),
            user_call(usage, model="fast"),
            setup=lines(cloned(usage), "fast.compile(steps_per_execution={})".format(steps)),
        )
        for steps in STEPS
        if usage.batches is None or steps <= usage.batches
    ]


def obstacle(usage: Usage) -> str | None:
    if usage.batches is not None and usage.batches < STEPS[0]:
        return "the rows are {} batch{}".format(usage.batches, "" if usage.batches == 1 else "es")
    if getattr(usage.model, "run_eagerly", False):
        return "the model runs eagerly"
    return None


RECIPE = Recipe(
    "steps_per_execution",
    "compile(steps_per_execution=...)",
    "The loop over batches runs inside the graph; Python is called once for several batches.",
    changes,
    obstacle,
    simplicity=MODEL,
    where=ON_COPY,
    entries=("predict",),
    kinds=(*ARRAYS, "dataset"),
    tensorflow=(2, 4),
    any_backend=True,
    harmless=True,
)

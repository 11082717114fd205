"""Fewer, larger batches in one call of ``predict``."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import CALL
from .snippets import predict
from .usage import Usage

#: The factor from each batch size of the ladder to the next.
STEP = 8


def changes(usage: Usage) -> list[Change]:
    size, sizes = usage.predict_batch_size, []
    while size < usage.known_rows:
        size = min(size * STEP, usage.known_rows)
        sizes.append(size)
    return [
        Change("batch_size={}".format(size), predict(usage, batch_size=size), batch_rows=size)
        for size in sizes
    ]


def obstacle(usage: Usage) -> str | None:
    return "all {} rows are one batch".format(usage.rows) if usage.batches == 1 else None


RECIPE = Recipe(
    "larger_batch_size",
    "predict with a larger batch_size",
    "The fixed cost of a batch is paid less often. Each batch and its activations must fit in memory, and "
    "above some size the processor's caches no longer help.",
    changes,
    obstacle,
    simplicity=CALL,
    entries=("predict",),
    any_backend=True,
    harmless=True,
)

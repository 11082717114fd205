"""A copy of the model that computes in 16 bits."""

from __future__ import annotations

from .recipe import ON_COPY, Change, Recipe
from .simplicity import OTHER_RESULTS
from .snippets import user_call, with_setting
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            policy,
            user_call(usage, model="fast"),
            setup=with_setting(usage, "layer.compute_dtype == 'float32'", "dtype", policy),
        )
        for policy in ("mixed_bfloat16", "mixed_float16")
    ]


RECIPE = Recipe(
    "half_precision",
    "the model in 16 bits",
    "Half the memory. It is faster only if the processor computes in 16 bits.",
    changes,
    simplicity=OTHER_RESULTS,
    where=ON_COPY,
    tensorflow=(2, 4),
    approximate=True,
    any_backend=True,
    exchanges_layers=True,
    harmless=True,
)

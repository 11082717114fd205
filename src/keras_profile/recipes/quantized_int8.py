"""The model's weights as 8-bit integers."""

from __future__ import annotations

from .recipe import ON_COPY, Change, Recipe
from .simplicity import OTHER_RESULTS
from .snippets import cloned, lines, user_call
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "quantize('int8')",
            user_call(usage, model="fast"),
            setup=lines(cloned(usage), "fast.quantize('int8')"),
        )
    ]


RECIPE = Recipe(
    "quantized_int8",
    "the model's weights as 8-bit integers",
    "A quarter of the memory. Without kernels for 8 bits it is slower, as usual on CPUs.",
    changes,
    simplicity=OTHER_RESULTS,
    where=ON_COPY,
    keras=(3, 4),
    approximate=True,
    any_backend=True,
)

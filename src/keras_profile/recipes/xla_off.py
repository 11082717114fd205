"""The model without XLA."""

from __future__ import annotations

from .recipe import ARRAYS, ON_COPY, Change, Recipe
from .simplicity import MODEL
from .snippets import cloned, lines, user_call
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "jit_compile=False",
            user_call(usage, model="fast"),
            setup=lines(cloned(usage), "fast.compile(jit_compile=False)"),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if usage.jit_compiled:
        return None
    return "the model is not compiled by XLA"


RECIPE = Recipe(
    "xla_off",
    "compile(jit_compile=False)",
    "XLA compiles the model into one program. On a CPU some of its ops, such as depthwise convolutions, take "
    "many times as long as TensorFlow's own kernels.",
    changes,
    obstacle,
    harmless=True,
    simplicity=MODEL,
    where=ON_COPY,
    entries=("predict", "predict_on_batch"),
    kinds=(*ARRAYS, "dataset", "generator", "pydataset"),
    keras=(2, 9),
)

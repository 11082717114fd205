"""The input as a tensor, made ahead."""

from __future__ import annotations

from .recipe import Change, Recipe
from .snippets import TENSORFLOW, to_tensors, user_call
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "x as a tensor",
            user_call(usage, x="tensor"),
            setup=TENSORFLOW,
            prepare="tensor = {}  # once, where the data is loaded".format(to_tensors(usage)),
        )
    ]


RECIPE = Recipe(
    "input_as_tensor",
    "the input as a tensor",
    "A numpy array becomes a tensor in every call. It helps where one input is used many times.",
    changes,
    kinds=("array",),
    entries=("predict", "predict_on_batch", "call", "call_inference"),
    harmless=True,
)

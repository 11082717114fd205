"""The input as a tensor, made ahead."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import AHEAD
from .snippets import TENSORFLOW, to_tensors, user_call
from .usage import Usage

#: The time to make the tensor is not part of the call.
USED_AGAIN = "only if the same input is used in several calls"


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "x as a tensor",
            user_call(usage, x="tensor"),
            setup=TENSORFLOW,
            condition=USED_AGAIN,
            prepare="tensor = {}  # once, where the data is loaded".format(to_tensors(usage)),
        )
    ]


RECIPE = Recipe(
    "input_as_tensor",
    "the input as a tensor",
    "A numpy array becomes a tensor on every call. It helps if one input is used many times.",
    changes,
    simplicity=AHEAD,
    kinds=("array",),
    entries=("predict", "predict_on_batch", "call", "call_inference"),
    harmless=True,
)

"""The input in the model's own dtype, converted ahead."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import AHEAD
from .snippets import NUMPY, user_call
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    dtype = usage.model_dtypes[0]
    return [
        Change(
            "x as {}".format(dtype),
            user_call(usage, x="x_{}".format(dtype)),
            setup=NUMPY,
            condition="only if x is made once, where the data is loaded",
            prepare="x_{0} = np.asarray(x, {0!r})  # once, where the data is loaded".format(dtype),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if not usage.one_input or len(usage.model_dtypes) != 1:
        return "the model does not have exactly one input of a known dtype"
    dtype = usage.model_dtypes[0]
    if usage.input.dtype == dtype:
        return "x already has the model's dtype, {}".format(dtype)
    numbers = ("float", "int", "uint", "bool")
    if not usage.input.dtype.startswith(numbers) or not dtype.startswith(numbers) or dtype == "bfloat16":
        return "{} cannot be converted to {} ahead".format(usage.input.dtype, dtype)
    return None


RECIPE = Recipe(
    "input_as_model_dtype",
    "the input in the model's own dtype",
    "Keras casts input of any other dtype on every call; float64 also takes twice the memory.",
    changes,
    obstacle,
    simplicity=AHEAD,
    kinds=("array",),
    entries=("predict", "predict_on_batch", "call", "call_inference"),
    any_backend=True,
    harmless=True,
)

"""Inputs of an open length, padded to few lengths."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import OTHER_RESULTS
from .snippets import NUMPY, lines, user_call
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "lengths padded to the next power of two",
            user_call(usage, x="padded(x)"),
            setup=lines(
                NUMPY,
                "",
                "",
                "def padded(x):",
                "    length = 1 << (x.shape[1] - 1).bit_length()  # few lengths, so few traces",
                "    return np.pad(x, [(0, 0), (0, length - x.shape[1])] + [(0, 0)] * (x.ndim - 2))",
            ),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    shapes = [tuple(one.shape) for one in usage.model.inputs or ()] if usage.model_dtypes else []
    if len(shapes) != 1 or not usage.one_input or len(shapes[0]) < 2 or shapes[0][1] is not None:
        return "the model's input has no open length"
    return None


RECIPE = Recipe(
    "padded_shapes",
    "lengths padded to few sizes",
    "Each new length may trace or compile the model again. Padding changes the results of models "
    "without a mask.",
    changes,
    obstacle,
    simplicity=OTHER_RESULTS,
    approximate=True,
    any_backend=True,
    kinds=("array",),
    harmless=True,
)

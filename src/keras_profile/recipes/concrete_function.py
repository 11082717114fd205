"""The traced graph itself, called with tensors."""

from __future__ import annotations

from .function_fixed_signature import TITLE as SAME_GRAPH
from .recipe import Change, Recipe
from .simplicity import FIXED_SHAPE
from .snippets import TENSORFLOW, from_tensors, inference, lines, specification, this_shape, to_tensors
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "the concrete function",
            from_tensors(usage, "fast({})".format(to_tensors(usage))),
            setup=lines(
                TENSORFLOW,
                "",
                "function = tf.function({})".format(inference(usage)),
                "fast = function.get_concrete_function({})".format(specification(usage)),
            ),
            any_rows=False,
            batch_rows=usage.rows,
            condition=this_shape(usage),
            fails_with=SAME_GRAPH,
        )
    ]


def obstacle(usage: Usage) -> str | None:
    # https://github.com/tensorflow/tensorflow/blob/v2.0.0/tensorflow/python/eager/function.py#L1010
    if not usage.one_input and usage.tensorflow_version < (2, 3):
        return "before TensorFlow 2.3, concrete functions take no structures of tensors"
    return None


RECIPE = Recipe(
    "concrete_function",
    "the model's concrete function",
    "The least work per call in TensorFlow: no graph lookup, no binding of arguments.",
    changes,
    obstacle,
    harmless=True,
    simplicity=FIXED_SHAPE,
    fixed_shape=True,
)

"""The traced graph itself, called with tensors."""

from __future__ import annotations

from .recipe import Change, Recipe
from .snippets import TENSORFLOW, inference, lines, specification, to_numpy, to_tensors
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "the concrete function",
            to_numpy(usage, "fast({})".format(to_tensors(usage))),
            setup=lines(
                TENSORFLOW,
                "",
                "function = tf.function({})".format(inference(usage)),
                "fast = function.get_concrete_function({})".format(specification(usage)),
            ),
            any_rows=False,
            batch_rows=usage.rows,
        )
    ]


def obstacle(usage: Usage) -> str | None:
    # https://github.com/tensorflow/tensorflow/blob/v2.0.0/tensorflow/python/eager/function.py#L1010
    if not usage.one_input and usage.tensorflow_version < (2, 3):
        return "before TensorFlow 2.3 a concrete function takes no structures of tensors"
    return None


RECIPE = Recipe(
    "concrete_function",
    "the model's concrete function",
    "The least that TensorFlow can do for a call: no look-up of the graph, no binding of arguments.",
    changes,
    obstacle,
    harmless=True,
)
